import pytest
from marshmallow import ValidationError

from backbone.directory.fields import AreaCode, CreditCode, IndustryCode, MaskedEmail, MaskedPhone, RegionCode
from tests.factories.directory import a_credit_code


def problem(field, value):
    with pytest.raises(ValidationError) as refused:
        field.deserialize(value)
    return refused.value.messages[0].zh


def test_good_values_pass():
    code = a_credit_code(1)
    assert CreditCode().deserialize(code) == code
    assert IndustryCode().deserialize("opto") == "opto"
    assert RegionCode().deserialize("420100-donghu") == "420100-donghu"
    assert AreaCode().deserialize("420100-donghu") == "420100-donghu"
    assert AreaCode().deserialize("auto-corridor") == "auto-corridor"


@pytest.mark.parametrize("spoil", [str.lower, lambda c: c[:17] + ("0" if c[17] != "0" else "1"), lambda c: "１" + c[1:],
                                   lambda c: "I" + c[1:]])  # fmt: skip
def test_a_wrong_credit_code_is_refused_and_says_what_one_is(spoil):
    assert "校验位" in problem(CreditCode(), spoil(a_credit_code(1)))


@pytest.mark.parametrize(
    ("value", "said"), [("1" * 19, "最多 18"), ("1" * 17, "至少 18"), (18, "文字"), ("\0" * 18, "NUL")]
)
def test_what_is_not_18_characters_is_refused_for_that(value, said):
    assert said in problem(CreditCode(), value)


@pytest.mark.parametrize(("field", "value"), [(IndustryCode(), "strong"), (IndustryCode(), "光电子信息"), (RegionCode(), "武汉市"),
                                              (RegionCode(), "110000"), (RegionCode(), "４２0100"), (RegionCode(), "auto-corridor"),
                                              (AreaCode(), "auto corridor"), (AreaCode(), "420100\0")])  # fmt: skip
def test_words_that_are_not_codes_are_refused_naming_the_codes(field, value):
    said = problem(field, value)
    assert "opto" in said or "420100" in said


def test_masked_fields_leave_masked_and_keep_what_is_absent_absent():
    row = {"phone": "13812341234", "email": "zhang@example.org", "none": None, "empty": ""}
    assert MaskedPhone(30).serialize("phone", row) == "138****1234"
    assert MaskedEmail(120).serialize("email", row) == "z***@example.org"
    assert MaskedPhone(30).serialize("none", row) is None
    assert MaskedEmail(120).serialize("empty", row) == ""
