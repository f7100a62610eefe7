from backbone.errors import Bilingual
from backbone.files.errors import FileRefused
from backbone.http_problems import status_of


def test_a_refusal_is_422_and_says_what_is_accepted_instead():
    refused = FileRefused(Bilingual("不收", "no"))
    assert status_of(refused) == 422
    assert refused.data["errors"] == [{"field": "(body)", "problem": "no"}]
    assert "docx" in refused.advice.zh
