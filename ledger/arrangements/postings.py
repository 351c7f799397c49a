"""What each fact posts, in every book it touches: the accountant's half of the rules, shared by the types.

Each function takes the terms and the fact and gives balanced entries; nothing is decided here. The source is the guide's
tables “Where is income and expenditure recorded?” and “Where are assets and liabilities held?”, and the accounting rules
drawn from them.
"""

from __future__ import annotations

from ledger import events as e
from ledger.accounts import (
    CASH,
    RESERVE,
    RISK_SHARE,
    Entries,
    Leg,
    capital,
    contract_income,
    cost,
    credit,
    creditors,
    debit,
    debtors,
    depreciation,
    depreciation_expenditure,
    entries,
    expenditure,
    gain_or_loss,
    grant_expenditure,
    grants,
    in_advance,
    investment,
    other_income,
    prepaid,
    provision,
    provision_income,
    recharges,
    service_charges,
)
from ledger.agreement import Terms


def memorandum(_terms: Terms, _fact: e.Fact) -> Entries:
    """Nothing is posted: the fact is shown beside the accounts."""
    return {}


def contribution_due(terms: Terms, fact: e.ContributionDue) -> Entries:
    """The party owes the pool; until spent, the pool holds it for the party (guide, “Lead Body”)."""
    pool, party = terms.keeper, fact.party
    return entries(
        debit(pool, debtors(party), fact.amount), credit(pool, in_advance(party, fact.fund), fact.amount),
        debit(party, prepaid(pool, fact.fund), fact.amount), credit(party, creditors(pool), fact.amount),
    )  # fmt: skip


def grant_due(terms: Terms, fact: e.ContributionDue) -> Entries:
    """The party grants the venture money for its work (guide, “Joint Venture”)."""
    entity, party = terms.keeper, fact.party
    return entries(
        debit(entity, debtors(party), fact.amount), credit(entity, grants(party), fact.amount),
        debit(party, grant_expenditure(entity), fact.amount), credit(party, creditors(entity), fact.amount),
    )  # fmt: skip


def capital_due(terms: Terms, fact: e.ContributionDue) -> Entries:
    """The party invests in the venture."""
    entity, party = terms.keeper, fact.party
    return entries(
        debit(entity, debtors(party), fact.amount), credit(entity, capital(party), fact.amount),
        debit(party, investment(entity), fact.amount), credit(party, creditors(entity), fact.amount),
    )  # fmt: skip


def contribution_received(terms: Terms, fact: e.ContributionReceived) -> Entries:
    """The party paid the pool."""
    return paid(fact.party, terms.keeper, fact.amount)


def settlement(_terms: Terms, fact: e.SettlementMade) -> Entries:
    """One book paid another."""
    return paid(fact.payer, fact.payee, fact.amount)


def paid(payer: str, payee: str, amount: int) -> Entries:
    """Cash passed between two books against what the payer owed."""
    return entries(
        debit(payer, creditors(payee), amount), credit(payer, CASH, amount),
        debit(payee, CASH, amount), credit(payee, debtors(payer), amount),
    )  # fmt: skip


def expenditure_incurred(terms: Terms, fact: e.ExpenditureIncurred) -> Entries:
    """Cost accrued when incurred; a party that provides the service books its income."""
    return entries(
        debit(fact.book, expenditure(fact.scheme), fact.amount),
        credit(fact.book, creditors(fact.supplier), fact.amount),
        *_provided(terms, fact.supplier, fact.book, fact.scheme, fact.amount),
    )


def _provided(terms: Terms, supplier: str, book: str, scheme: str, amount: int) -> list[Leg]:
    if supplier not in terms.book_set:
        return []
    return [debit(supplier, debtors(book), amount), credit(supplier, provision_income(scheme), amount)]


def payment(terms: Terms, fact: e.PaymentMade) -> Entries:
    """A creditor paid; a supplier with a book sees its debtor cleared."""
    if fact.supplier in terms.book_set:
        return paid(fact.book, fact.supplier, fact.amount)
    return entries(debit(fact.book, creditors(fact.supplier), fact.amount), credit(fact.book, CASH, fact.amount))


def income_received(_terms: Terms, fact: e.CashIncomeReceived) -> Entries:
    """Income in cash from clients and others."""
    return entries(debit(fact.book, CASH, fact.amount), credit(fact.book, other_income(fact.scheme), fact.amount))


def income_due(_terms: Terms, fact: e.IncomeDue) -> Entries:
    """A customer invoiced."""
    return entries(
        debit(fact.book, debtors(fact.customer), fact.amount),
        credit(fact.book, other_income(fact.scheme), fact.amount),
    )


def income_collected(_terms: Terms, fact: e.IncomeCollected) -> Entries:
    """A customer paid its invoice."""
    return entries(debit(fact.book, CASH, fact.amount), credit(fact.book, debtors(fact.customer), fact.amount))


def bill_to_pool(terms: Terms, fact: e.BillRaised) -> Entries:
    """The contractor bills the billing lead's pool once (guide, the subset of “Joint Commissioning”)."""
    return entries(*_billed(terms, terms.keeper, fact.scheme, fact.amount))


def bill_split_at_source(terms: Terms, fact: e.BillRaised) -> Entries:
    """The contractor bills each party its part (guide, “Joint Commissioning”)."""
    return entries(*(leg for party, part in fact.parts.items() for leg in _billed(terms, party, fact.scheme, part)))


def _billed(terms: Terms, book: str, scheme: str, amount: int) -> list[Leg]:
    contractor = terms.contractor
    return [
        debit(contractor, debtors(book), amount), credit(contractor, contract_income(scheme), amount),
        debit(book, expenditure(scheme), amount), credit(book, creditors(contractor), amount),
    ]  # fmt: skip


def bill_adjusted(terms: Terms, fact: e.ChargeAdjusted) -> Entries:
    """Each party's part of the contractor's bill put right."""
    return entries(*(leg for party, part in fact.billed.items() for leg in _billed(terms, party, fact.scheme, part)))


def recharge(terms: Terms, fact: e.RechargeRaised) -> Entries:
    """Net cost charged to each party: drawn from what it paid in advance, the rest billed."""
    return _recharged(terms, fact, expenditure(fact.scheme), fact.fund)


def recharge_adjusted(terms: Terms, fact: e.ChargeAdjusted) -> Entries:
    """Each party's part of a recharge put right."""
    return _recharged(terms, fact, expenditure(fact.scheme))


def true_up(terms: Terms, fact: e.TrueUpRaised) -> Entries:
    """What a party bears beyond what it was recharged, or has been recharged beyond what it bears."""
    return _recharged(terms, fact, RISK_SHARE)


def _recharged(
    terms: Terms, fact: e.RechargeRaised | e.ChargeAdjusted | e.TrueUpRaised, cost_account: str, fund: str = ""
) -> Entries:
    pool, legs = terms.keeper, []
    for party, drawn in fact.drawn.items():
        legs += [
            debit(pool, in_advance(party, fund), drawn), credit(pool, recharges(party), drawn),
            debit(party, cost_account, drawn), credit(party, prepaid(pool, fund), drawn),
        ]  # fmt: skip
    for party, billed in fact.billed.items():
        legs += [
            debit(pool, debtors(party), billed), credit(pool, recharges(party), billed),
            debit(party, cost_account, billed), credit(party, creditors(pool), billed),
        ]  # fmt: skip
    return entries(*legs)


def year_closed(_terms: Terms, fact: e.YearClosed) -> Entries:
    """Income and expenditure of the year go to the reserve, in each of the body's books."""
    legs = []
    for book, accounts in fact.balances.items():
        for account, amount in accounts.items():
            if account.startswith(("Income:", "Expenditure:")):
                legs += [credit(book, account, amount), debit(book, RESERVE, amount)]
    return entries(*legs)


def service_charge(terms: Terms, fact: e.RechargeRaised | e.ChargeAdjusted) -> Entries:
    """The venture charges its owners for services; what a credit takes below nil it owes them."""
    entity, legs = terms.keeper, []
    for party, billed in fact.billed.items():
        legs += [
            debit(entity, debtors(party), billed), credit(entity, service_charges(party), billed),
            debit(party, expenditure(fact.scheme), billed), credit(party, creditors(entity), billed),
        ]  # fmt: skip
    for party, credited in fact.credited.items():
        legs += [
            debit(entity, creditors(party), credited), credit(entity, service_charges(party), credited),
            debit(party, expenditure(fact.scheme), credited), credit(party, debtors(entity), credited),
        ]  # fmt: skip
    return entries(*legs)


def refund(terms: Terms, fact: e.ContributionRefunded) -> Entries:
    """The pool owes the party back what it holds of its contributions."""
    pool, party = terms.keeper, fact.party
    return entries(
        debit(pool, in_advance(party, fact.fund), fact.amount), credit(pool, creditors(party), fact.amount),
        debit(party, debtors(pool), fact.amount), credit(party, prepaid(pool, fact.fund), fact.amount),
    )  # fmt: skip


def grant_refund(terms: Terms, fact: e.ContributionRefunded) -> Entries:
    """The venture owes the party part of its grant back."""
    entity, party = terms.keeper, fact.party
    return entries(
        debit(entity, grants(party), fact.amount), credit(entity, creditors(party), fact.amount),
        debit(party, debtors(entity), fact.amount), credit(party, grant_expenditure(entity), fact.amount),
    )  # fmt: skip


def set_off(terms: Terms, fact: e.BalancesSetOff) -> Entries:
    """What each owes the other, set off in both books."""
    pool, party = terms.keeper, fact.party
    return entries(
        debit(pool, creditors(party), fact.amount), credit(pool, debtors(party), fact.amount),
        debit(party, creditors(pool), fact.amount), credit(party, debtors(pool), fact.amount),
    )  # fmt: skip


def reclassified(terms: Terms, fact: e.BalancesReclassified) -> Entries:
    """A balance on the wrong side, put to the other account in each of the two's books."""
    pairs = ((book, body) for book, body in ((fact.book, fact.body), (fact.body, fact.book)) if book in terms.book_set)
    return entries(
        *(leg for book, body in pairs
          for leg in (debit(book, debtors(body), fact.amount), credit(book, creditors(body), fact.amount)))
    )  # fmt: skip


def asset_acquired(terms: Terms, fact: e.AssetAcquired) -> Entries:
    """A fixed asset at cost; a party that supplies it books its income."""
    return entries(
        debit(fact.book, cost(fact.asset), fact.amount),
        credit(fact.book, creditors(fact.supplier), fact.amount),
        *_provided(terms, fact.supplier, fact.book, fact.scheme, fact.amount),
    )


def asset_depreciated(_terms: Terms, fact: e.AssetDepreciated) -> Entries:
    """The holder charges the asset's wear to the year."""
    return entries(
        debit(fact.book, depreciation_expenditure(fact.asset), fact.amount),
        credit(fact.book, depreciation(fact.asset), fact.amount),
    )


def asset_transferred(_terms: Terms, fact: e.AssetTransferred) -> Entries:
    """The giver's asset leaves for the consideration, and reaches the taker at its carrying value."""
    carrying = fact.cost - fact.depreciation
    gain = fact.consideration - carrying
    return entries(
        debit(fact.giver, depreciation(fact.asset), fact.depreciation),
        debit(fact.giver, debtors(fact.taker), fact.consideration),
        credit(fact.giver, cost(fact.asset), fact.cost),
        credit(fact.giver, gain_or_loss(fact.asset, gain), gain),
        debit(fact.taker, cost(fact.asset), carrying),
        credit(fact.taker, creditors(fact.giver), fact.consideration),
        credit(fact.taker, gain_or_loss(fact.asset, -gain), -gain),
    )


def asset_disposed(_terms: Terms, fact: e.AssetDisposed) -> Entries:
    """The asset leaves the books for cash."""
    gain = fact.proceeds - (fact.cost - fact.depreciation)
    return entries(
        debit(fact.book, CASH, fact.proceeds),
        debit(fact.book, depreciation(fact.asset), fact.depreciation),
        credit(fact.book, cost(fact.asset), fact.cost),
        credit(fact.book, gain_or_loss(fact.asset, gain), gain),
    )


def liability_recognised(_terms: Terms, fact: e.LiabilityRecognised) -> Entries:
    """A provision charged to its scheme."""
    return entries(
        debit(fact.book, expenditure(fact.scheme), fact.amount),
        credit(fact.book, provision(fact.liability), fact.amount),
    )


def liability_settled(_terms: Terms, fact: e.LiabilitySettled) -> Entries:
    """A provision paid."""
    return entries(debit(fact.book, provision(fact.liability), fact.amount), credit(fact.book, CASH, fact.amount))
