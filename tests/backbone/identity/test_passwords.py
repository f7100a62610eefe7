import pytest

from backbone.identity.passwords import hash_password, is_password


def test_a_password_fits_its_own_hash_and_no_other():
    stored = hash_password("正确的密码-马-电池")
    assert is_password("正确的密码-马-电池", stored)
    assert not is_password("正确的密码-马-电池 ", stored)


def test_two_hashes_of_one_password_differ_and_name_argon2id():
    first, second = hash_password("twelve chars"), hash_password("twelve chars")
    assert first != second
    assert first.startswith("$argon2id$")


@pytest.mark.parametrize("stored", [None, "!", "", "$argon2id$broken"])
def test_nobody_logs_in_without_a_good_hash(stored):
    assert not is_password("nobody", stored)
