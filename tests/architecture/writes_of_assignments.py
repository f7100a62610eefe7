"""The writing operations of the day's batches and of saved searches; see `writes`."""

from backbone.actor import PROVINCE, Role
from tests.architecture.writes import Write, for_operation
from tests.factories.assignments import a_saved_search
from tests.factories.identity import an_actor
from tests.factories.invitations import Exchange


@for_operation("setQuota")
def set_quota(exchange: Exchange) -> Write:
    chief = an_actor(exchange.session, (Role.OPERATOR, PROVINCE))
    return Write(chief, {"institute_id": exchange.institute.id}, ("institute_quotas",), {"needs": 4})


@for_operation("saveSearch")
def save_search(exchange: Exchange) -> Write:
    body = {"source": "needs", "title": "键合", "text": "晶圆键合机对准精度"}
    return Write(exchange.office, {}, ("saved_searches",), body)


@for_operation("deleteSavedSearch")
def delete_saved_search(exchange: Exchange) -> Write:
    search = a_saved_search(exchange.session, exchange.office.account_id)
    return Write(exchange.office, {"search_id": search.id}, ("saved_searches",))
