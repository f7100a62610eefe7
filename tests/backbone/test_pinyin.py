from backbone.pinyin import initials, pinyin


def test_names_sort_by_their_sound():
    assert sorted(["武汉", "安陆", "黄石"], key=pinyin) == ["安陆", "黄石", "武汉"]


def test_initials_are_what_people_type():
    assert initials("光谷Laser") == "gglaser"


def test_text_without_chinese_stays_as_it_is():
    assert pinyin("Laser 3") == "laser 3"
    assert initials("") == ""
