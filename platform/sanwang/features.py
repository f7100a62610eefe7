"""Every feature of the application: importing this module registers all routes, jobs and event handlers."""

from types import ModuleType

from backbone import chaining, forgetting
from backbone.absences.routes import routes as absences
from backbone.auditing.routes import routes as auditing
from backbone.directory.chains.routes import routes as chains
from backbone.directory.experts import erasure as expert_erasure
from backbone.directory.experts.routes import routes as experts
from backbone.directory.facts.routes import routes as facts
from backbone.directory.routes import routes as directory
from backbone.http import Routes
from backbone.identity import erasure
from backbone.identity import jobs as identity_jobs
from backbone.identity.routes import routes as identity
from backbone.identity.service import authenticate
from backbone.notices import accounts as account_notices
from backbone.notices import jobs as notice_jobs
from backbone.notices.routes import routes as notices
from finance_net.awards import claims as award_claims
from finance_net.awards import jobs as award_jobs
from finance_net.awards.answers.routes import routes as bank_answers
from finance_net.awards.clawbacks.routes import routes as clawbacks
from finance_net.awards.effects.routes import routes as award_effects
from finance_net.awards.payments.routes import routes as payments
from finance_net.awards.reconciliation.routes import routes as reconciliation
from finance_net.awards.routes import routes as awards
from finance_net.cases.routes import routes as fund_cases
from finance_net.credit.handovers import jobs as credit_jobs
from finance_net.credit.handovers.routes import routes as credit_handovers
from finance_net.credit.routes import routes as credit
from finance_net.equity import following as equity_following
from finance_net.equity import jobs as equity_jobs
from finance_net.equity.committees.routes import routes as equity_committees
from finance_net.equity.routes import routes as equity
from finance_net.funds.routes import routes as funds
from finance_net.grants.announcements.routes import routes as announcements
from finance_net.grants.applications.routes import routes as grant_applications
from finance_net.grants.explanations import jobs as explanation_jobs
from finance_net.grants.explanations.routes import routes as grant_explanations
from finance_net.grants.reviews.routes import routes as grant_reviews
from finance_net.grants.routes import routes as grant_rounds
from finance_net.grants.selections import jobs as selection_jobs
from finance_net.grants.selections.routes import routes as grant_selections
from finance_net.ledger import jobs as ledger_jobs
from finance_net.ledger.orders.routes import routes as fund_orders
from finance_net.ledger.routes import routes as ledger
from ground_net.brokers.routes import routes as brokers
from ground_net.centres.routes import routes as centres
from ground_net.chain_needs.routes import routes as chain_needs
from ground_net.contracts.delivery.routes import routes as contract_delivery
from ground_net.contracts.follow_ups.routes import routes as contract_follow_ups
from ground_net.contracts.receipts.routes import routes as cash_receipts
from ground_net.contracts.registration.routes import routes as contract_registrations
from ground_net.contracts.rewards.routes import routes as contract_rewards
from ground_net.contracts.routes import routes as contracts
from ground_net.contracts.striking.routes import routes as contract_supplements
from ground_net.figures.routes import routes as figures
from ground_net.leads import clock as lead_clocks
from ground_net.leads.imports import jobs as lead_import_jobs
from ground_net.leads.imports.routes import routes as lead_imports
from ground_net.leads.outreach.routes import routes as outreaches
from ground_net.leads.routes import routes as leads
from ground_net.network.routes import routes as network
from ground_net.providers.routes import routes as providers
from ground_net.routing import jobs as routing_jobs
from ground_net.routing.routes import routes as routing
from ground_net.staff.routes import routes as staff
from policy_pack.advice.routes import routes as policy_advice
from policy_pack.batches import jobs as policy_batch_jobs
from policy_pack.batches.routes import routes as policy_batches
from policy_pack.impacts import jobs as impact_jobs
from policy_pack.impacts.routes import routes as impacts
from policy_pack.policies.routes import routes as policies
from policy_pack.pushes import jobs as policy_news_jobs
from policy_pack.pushes.routes import routes as policy_news
from policy_pack.receipts.routes import routes as receipts
from policy_pack.subjects.routes import routes as policy_facts
from sanwang import grant_contracts, policy_calendar
from sky_net.achievements.routes import routes as achievements
from sky_net.assignments import jobs as assignment_jobs
from sky_net.assignments import records as institute_records
from sky_net.assignments.routes import routes as assignments
from sky_net.attachments.routes import routes as attachments
from sky_net.disputes.routes import routes as disputes
from sky_net.findings.routes import routes as findings
from sky_net.grading import jobs as grading_jobs
from sky_net.grading.routes import routes as grading
from sky_net.invitations.routes import routes as invitations
from sky_net.matching.routes import routes as matching
from sky_net.monitoring.routes import routes as monitoring
from sky_net.needs import jobs as needs_jobs
from sky_net.needs.routes import routes as needs
from sky_net.proposals.routes import routes as proposals
from sky_net.reminders import jobs as reminder_jobs
from sky_net.reminders import telling
from sky_net.reminders.routes import routes as reminders
from sky_net.saved_searches import erasing as search_erasure
from sky_net.saved_searches.routes import routes as saved_searches
from sky_net.sla import jobs as sla_jobs
from sky_net.sla.calendars.routes import routes as calendars
from sky_net.sla.routes import routes as sla
from sky_net.talks.messages.routes import routes as messages
from sky_net.talks.questions.routes import routes as questions
from sky_net.talks.routes import routes as talks
from sky_net.talks.steps.routes import routes as steps
from sky_net.talks.terms.routes import routes as terms

FEATURES: tuple[Routes, ...] = (
    identity, directory, chains, facts, experts, needs, attachments, achievements, matching, invitations, talks, proposals, sla, calendars,
    reminders, notices, auditing, absences, monitoring, disputes, findings, grading, messages, questions, steps, terms,
    assignments, saved_searches, policies, impacts, receipts,
    policy_facts, policy_news, policy_batches, policy_advice,
    network, staff, brokers, centres, providers, chain_needs,
    leads, outreaches, lead_imports,
    contracts, cash_receipts, contract_registrations, contract_delivery, contract_rewards, contract_follow_ups,
    contract_supplements,
    figures,
    routing,
    ledger, fund_orders, funds, fund_cases,
    grant_rounds, grant_applications, grant_reviews, grant_selections, grant_explanations, announcements,
    awards, payments, bank_answers, reconciliation, clawbacks, award_effects,
    equity, equity_committees, credit, credit_handovers,
)  # fmt: skip
# Modules of tasks, handlers and readers that no route leads to.
JOBS: tuple[ModuleType, ...] = (
    erasure,
    expert_erasure,
    forgetting,
    identity_jobs,
    chaining,
    needs_jobs,
    sla_jobs,
    account_notices,
    notice_jobs,
    reminder_jobs,
    grading_jobs,
    telling,
    assignment_jobs,
    institute_records,
    search_erasure,
    impact_jobs,
    policy_news_jobs,
    policy_batch_jobs,
    policy_calendar,
    grant_contracts,
    lead_clocks,
    lead_import_jobs,
    routing_jobs,
    ledger_jobs,
    award_claims,
    award_jobs,
    selection_jobs,
    explanation_jobs,
    equity_following,
    equity_jobs,
    credit_jobs,
)

__all__ = ["FEATURES", "JOBS", "authenticate"]
