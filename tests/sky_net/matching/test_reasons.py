import pytest

from backbone.errors import Bilingual
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.evidence import MOST_TERMS, MatchedTerm
from sky_net.matching.reasons import Facts, explain, explain_institute

NEED = Query(
    "铜排激光焊接飞溅大", "铜排激光焊接时飞溅多，熔深忽深忽浅，希望飞溅降低到 2% 以下，需要提高合格率"
)
ANSWER = Document("1", "紫铜低飞溅激光焊接工艺", "蓝光与红外复合，铜排焊缝熔深波动小于百分之五，需要提高效率")


@pytest.fixture(scope="module")
def corpus(encoder, documents):
    return Corpus(encoder, None, [*documents, ANSWER])


def matched_terms(query: Query, document: Document, corpus: Corpus) -> tuple[MatchedTerm, ...]:
    return explain(query, document, corpus).terms


def test_terms_are_joined_when_both_sides_join_them(corpus):
    found = {each.term: each for each in matched_terms(NEED, ANSWER, corpus)}
    assert "激光焊接" in found
    assert "激光" not in found
    assert "焊接" not in found


def test_each_term_says_where_the_document_has_it(corpus):
    where = {each.term: each.field for each in matched_terms(NEED, ANSWER, corpus)}
    assert where["激光焊接"] == "title"
    assert where["铜排"] == "body"


def test_words_that_fit_any_pair_of_texts_are_not_reasons(corpus):
    assert not {"需要", "提高", "希望", "2"} & {each.term for each in matched_terms(NEED, ANSWER, corpus)}


@pytest.mark.parametrize("measure", ["1dB", "dB", "20nm", "3.5MPa", "800℃"])
def test_a_way_of_measuring_is_no_reason(corpus, measure):
    said = f"损耗 {measure} 以内"
    found = {each.term for each in matched_terms(Query(said), Document("3", said), corpus)}
    assert found == {"损耗"}


@pytest.mark.parametrize("term", ["5g", "6061", "peek"])
def test_a_name_with_digits_or_letters_stays_a_reason(corpus, term):
    said = f"采用 {term} 的零件"
    found = {each.term for each in matched_terms(Query(said), Document("3", said), corpus)}
    assert (term in found) == (not term.isdigit())


def test_the_weightiest_come_first_and_few_are_named(corpus, documents):
    everything = Document("2", "", "，".join(document.title + document.body for document in documents))
    found = matched_terms(Query("", everything.body), everything, corpus)
    assert len(found) == MOST_TERMS
    assert [each.weight for each in found] == sorted((each.weight for each in found), reverse=True)


def test_the_sentence_reads_in_both_languages(corpus):
    reasons = explain(NEED, ANSWER, corpus)
    assert "标题中“激光焊接”" in reasons.sentence.zh
    assert reasons.sentence.zh.endswith("。")
    assert "“激光焊接”" in reasons.sentence
    assert reasons.sentence[0].isupper()
    assert reasons.sentence.endswith(".")


def test_a_hit_by_meaning_alone_says_so(corpus):
    reasons = explain(NEED, Document("3", "脑电采集"), corpus)
    assert reasons.terms == ()
    assert "语义相近" in reasons.sentence.zh
    assert "meaning" in reasons.sentence


def test_a_hit_with_nothing_in_common_does_not_claim_a_meaning(corpus):
    reasons = explain(NEED, Document("3", "脑电采集"), corpus, is_near=False)
    assert "语义也不相近" in reasons.sentence.zh
    assert "apart" in reasons.sentence


def test_an_institute_stands_where_its_achievements_do():
    reason = explain_institute([1, 4], "紫铜低飞溅激光焊接工艺")
    assert reason.zh == "其 2 项成果排在第 1、4 位，最相近的是《紫铜低飞溅激光焊接工艺》。"
    assert reason == "2 of its achievements at place 1, 4; the nearest is “紫铜低飞溅激光焊接工艺”."
    assert explain_institute([31], None).zh == "其 1 项成果排在第 31 位。"


@pytest.mark.parametrize(
    ("facts", "zh", "en"),
    [
        (Facts(same_industry=True), "产业相同", "industry is the same"),
        (Facts(same_industry=False), "产业不同", "industry differs"),
        (Facts(same_region=True), "同一地区", "region is the same"),
        (Facts(same_region=False), "不在同一地区", "region differs"),
        (Facts(trl_gap=0), "成熟度达到要求", "as mature as required"),
        (Facts(trl_gap=3), "成熟度达到要求", "as mature as required"),
        (Facts(trl_gap=-1), "低 1 级", "1 TRL level short"),
        (Facts(trl_gap=-2), "低 2 级", "2 TRL levels short"),
        (Facts(modes=()), "没有共同的合作方式", "no mode"),
        (
            Facts(modes=(Bilingual("技术许可", "licence"), Bilingual("技术开发", "development"))),
            "技术许可、技术开发",
            "licence, development",
        ),
    ],
)
def test_known_facts_are_said(corpus, facts, zh, en):
    sentence = explain(NEED, ANSWER, corpus, facts).sentence
    assert zh in sentence.zh
    assert en in sentence


def test_unknown_facts_are_not_said(corpus):
    assert explain(NEED, ANSWER, corpus, Facts()) == explain(NEED, ANSWER, corpus)
    sentence = explain(NEED, ANSWER, corpus).sentence.zh
    assert not any(word in sentence for word in ("产业", "地区", "成熟度", "合作"))


def test_a_boilerplate_text_gives_no_reasons(corpus):
    assert matched_terms(Query("暂无", "未提供"), Document("1", "暂无", "未提供"), corpus) == ()


def test_traditional_text_shares_its_terms_with_simplified(corpus):
    assert "激光焊接" in {each.term for each in matched_terms(Query("激光焊接飛濺"), ANSWER, corpus)}
