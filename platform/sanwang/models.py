"""Every table of the platform: importing this module fills the metadata, so Alembic sees all of them or none.

A new feature's models module is added here; tests/sanwang/test_models.py compares the list with the tree.
"""

from types import ModuleType

import backbone.absences.models
import backbone.audit
import backbone.chain.models
import backbone.directory.chains.models
import backbone.directory.experts.models
import backbone.directory.facts.models
import backbone.directory.models
import backbone.files.models
import backbone.idempotency
import backbone.identity.models
import backbone.notices.models
import backbone.people.models
import finance_net.awards.answers.models
import finance_net.awards.clawbacks.models
import finance_net.awards.effects.models
import finance_net.awards.models
import finance_net.awards.payments.models
import finance_net.awards.reconciliation.models
import finance_net.cases.models
import finance_net.credit.handovers.models
import finance_net.credit.models
import finance_net.equity.committees.models
import finance_net.equity.models
import finance_net.funds.models
import finance_net.grants.announcements.models
import finance_net.grants.applications.models
import finance_net.grants.explanations.models
import finance_net.grants.models
import finance_net.grants.reviews.models
import finance_net.grants.selections.models
import finance_net.ledger.models
import finance_net.ledger.orders.models
import ground_net.brokers.models
import ground_net.centres.models
import ground_net.chain_needs.models
import ground_net.contracts.delivery.models
import ground_net.contracts.follow_ups.models
import ground_net.contracts.models
import ground_net.contracts.receipts.models
import ground_net.contracts.registration.models
import ground_net.contracts.rewards.models
import ground_net.contracts.supplements.models
import ground_net.figures.models
import ground_net.leads.imports.models
import ground_net.leads.models
import ground_net.leads.outreach.models
import ground_net.network.models
import ground_net.providers.models
import ground_net.routing.models
import ground_net.staff.models
import policy_pack.batches.models
import policy_pack.impacts.models
import policy_pack.policies.models
import policy_pack.pushes.models
import policy_pack.receipts.models
import policy_pack.subjects.models
import sky_net.achievements.models
import sky_net.assignments.models
import sky_net.attachments.models
import sky_net.disputes.models
import sky_net.findings.models
import sky_net.grading.models
import sky_net.invitations.models
import sky_net.matching.models
import sky_net.needs.models
import sky_net.proposals.models
import sky_net.reminders.models
import sky_net.saved_searches.models
import sky_net.sla.calendars.models
import sky_net.sla.models
import sky_net.talks.messages.models
import sky_net.talks.models
import sky_net.talks.questions.models
import sky_net.talks.steps.models
import sky_net.talks.terms.models
from backbone.db import Base

MODELS: tuple[ModuleType, ...] = (
    backbone.absences.models,
    backbone.audit,
    backbone.chain.models,
    backbone.directory.chains.models,
    backbone.directory.experts.models,
    backbone.directory.facts.models,
    backbone.directory.models,
    backbone.files.models,
    backbone.idempotency,
    backbone.identity.models,
    backbone.notices.models,
    backbone.people.models,
    ground_net.brokers.models,
    ground_net.centres.models,
    ground_net.chain_needs.models,
    ground_net.figures.models,
    ground_net.leads.imports.models,
    ground_net.leads.models,
    ground_net.leads.outreach.models,
    ground_net.network.models,
    ground_net.providers.models,
    ground_net.routing.models,
    ground_net.staff.models,
    ground_net.contracts.delivery.models,
    ground_net.contracts.follow_ups.models,
    ground_net.contracts.models,
    ground_net.contracts.receipts.models,
    ground_net.contracts.registration.models,
    ground_net.contracts.rewards.models,
    ground_net.contracts.supplements.models,
    finance_net.credit.handovers.models,
    finance_net.credit.models,
    finance_net.equity.committees.models,
    finance_net.equity.models,
    finance_net.funds.models,
    finance_net.cases.models,
    finance_net.awards.answers.models,
    finance_net.awards.clawbacks.models,
    finance_net.awards.effects.models,
    finance_net.awards.models,
    finance_net.awards.payments.models,
    finance_net.awards.reconciliation.models,
    finance_net.grants.announcements.models,
    finance_net.grants.applications.models,
    finance_net.grants.explanations.models,
    finance_net.grants.models,
    finance_net.grants.reviews.models,
    finance_net.grants.selections.models,
    finance_net.ledger.models,
    finance_net.ledger.orders.models,
    policy_pack.batches.models,
    policy_pack.impacts.models,
    policy_pack.policies.models,
    policy_pack.pushes.models,
    policy_pack.receipts.models,
    policy_pack.subjects.models,
    sky_net.achievements.models,
    sky_net.assignments.models,
    sky_net.attachments.models,
    sky_net.disputes.models,
    sky_net.findings.models,
    sky_net.grading.models,
    sky_net.invitations.models,
    sky_net.matching.models,
    sky_net.needs.models,
    sky_net.proposals.models,
    sky_net.reminders.models,
    sky_net.saved_searches.models,
    sky_net.sla.calendars.models,
    sky_net.sla.models,
    sky_net.talks.messages.models,
    sky_net.talks.models,
    sky_net.talks.questions.models,
    sky_net.talks.steps.models,
    sky_net.talks.terms.models,
)
METADATA = Base.metadata
