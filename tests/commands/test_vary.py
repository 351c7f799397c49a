"""`poolbook agreement vary` and `extend`: what they show, what they record, and where the change stops."""

from __future__ import annotations

import json
from datetime import date

import pytest

from ledger import events as e
from tests import given
from tests.commands.desk import Desk

HALVES = '[variation]\narrangement = "pool"\nfrom = 2013-05-01\n[shares]\nrecharge = { OCC = 1, OCCG = 1 }\n'
LATER = "[variation]\nfrom = 2014-04-01\n[shares]\nrecharge = { OCC = 9, OCCG = 1 }\n"


@pytest.fixture
def charged(desk: Desk) -> Desk:
    """A pool that has charged 100.00 at 3:2, and whose ratio is varied from April 2014 on."""
    desk.made(before=[
        ("expenditure", {"scheme": "care", "counterparty": "SUP", "amount": 100_00}),
        ("recharge", {"scheme": "care", "amount": 100_00}),
    ])  # fmt: skip
    desk.file("later.toml", LATER)
    desk.file("halves.toml", HALVES)
    assert desk("agreement", "vary", "pool", "later.toml").code == 0
    return desk


def test_the_preview_shows_each_term_how_far_it_reaches_and_each_charge_put_right(charged: Desk):
    before = charged.bytes()
    done = charged("agreement", "vary", "halves.toml", "--dry-run")
    assert (done.code, done.err, charged.bytes()) == (0, "", before)
    assert (
        done.out
        == """\
Would record #5 in pool: AgreementVaried of 2013-05-01, reference #5.
  changes shares
  Nothing is posted by it: it sets the terms.

term              until then      from 2013-05-01    reaches to
----------------  --------------  -----------------  ------------
shares, recharge  OCC 3 : OCCG 2  OCC 1 : OCCG 1     2014-03-31

Would adjust 1 charge made since:
charge    scheme    of          party      bore    bears    difference  posted on
--------  --------  ----------  -------  ------  -------  ------------  -----------
#3        care      2013-06-01  OCC       60.00    50.00        -10.00  2013-06-01
#3        care      2013-06-01  OCCG      40.00    50.00         10.00  2013-06-01
"""
    )


def test_a_variation_is_recorded_with_its_reason_and_again_only_once(charged: Desk):
    done = charged("agreement", "vary", "halves.toml", "--reference", "V-1", "--reason", "Agreed late", "--as", "ann")
    assert done.code == 0
    assert done.out.startswith("Recorded #5 in pool: AgreementVaried of 2013-05-01, reference V-1.\n")
    varied, fix = charged.events()[4:]
    assert (varied.actor, charged.text(varied, "reason"), varied.effective_on) == ("ann", "Agreed late", date(2013, 5, 1))
    assert isinstance(fix.fact, e.ChargeAdjusted)
    assert fix.fact.adjusts == 3
    before = charged.bytes()
    again = charged("agreement", "vary", "halves.toml", "--reference", "V-1")
    assert (again.code, again.out.splitlines()[0][:19], charged.bytes()) == (0, "Recorded earlier #5", before)
    assert "term  " not in again.out


def test_json_tells_the_terms_and_the_adjustments(charged: Desk):
    done = charged("agreement", "vary", "halves.toml", "--format", "json")
    told = json.loads(done.out)
    assert list(told) == ["arrangement", "dry_run", "earlier", "events", "terms", "adjustments"]
    assert [event["type"] for event in told["events"]] == ["AgreementVaried", "ChargeAdjusted"]
    assert told["terms"] == [
        {"term": "shares, recharge", "before": "OCC 3 : OCCG 2", "after": "OCC 1 : OCCG 1", "until": "2014-03-31"}
    ]
    assert told["adjustments"][0] == {
        "number": 6, "adjusts": 3, "scheme": "care", "effective_on": "2013-06-01", "party": "OCC", "bore": "60.00",
        "bears": "50.00", "difference": "-10.00", "posted_on": "2013-06-01",
    }  # fmt: skip


def test_csv_is_every_posting(charged: Desk):
    rows = charged("agreement", "vary", "halves.toml", "--format", "csv").out.splitlines()
    assert rows[0] == "arrangement,number,type,effective_on,reference,book,account,amount"
    assert len(rows) == 1 + 1 + 8


def test_terms_are_shown_as_at_a_day_and_as_known(charged: Desk):
    assert charged("agreement", "vary", "halves.toml").code == 0

    def recharge(*words: str) -> str:
        found = json.loads(charged("agreement", "show", "pool", *words, "--format", "json").out)
        return " ".join(f"{party} {share}" for party, share in found["shares"]["recharge"].items())

    assert recharge("--as-at", "2013-04-30") == "OCC 3 OCCG 2"
    assert recharge("--as-at", "2013-05-01") == "OCC 1 OCCG 1"
    assert recharge("--as-at", "2013-05-01", "--as-known", "#4") == "OCC 3 OCCG 2"
    assert recharge("--as-at", "2014-04-01") == "OCC 9 OCCG 1"
    done = charged("agreement", "show", "pool", "--as-known", "2012-01-01")
    assert (done.code, done.err) == (1, "pool had not been signed by then: name a later moment.\n")


WRONG = {
    "no file": (("agreement", "vary", "none.toml"), 4, "none.toml: the file cannot be read: No such file"),
    "two arrangements": (("agreement", "vary", "pool", "pool", "halves.toml"), 2, "Name one ARRANGEMENT, or none"),
    "another arrangement": (("agreement", "vary", "poool", "halves.toml"), 4, "2: arrangement: this file varies pool"),
    "an unknown arrangement": (("agreement", "vary", "poool", "later.toml"), 1, "There is no arrangement poool"),
    "a fault": (("agreement", "vary", "later.toml"), 4, "later.toml:1: arrangement is missing from [variation]"),
    "nothing to extend": (("agreement", "extend", "pool", "--to", "2020-03-31"), 1, "pool has no last day"),
    "no new day": (("agreement", "extend", "pool"), 2, "Missing option '--to'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_varied_is_refused_and_every_byte_stays(charged: Desk, name: str):
    words, code, sentence = WRONG[name]
    before = charged.bytes()
    done = charged(*words)
    assert (done.code, done.out, charged.bytes()) == (code, "", before)
    assert sentence in done.err


def test_an_agreement_is_extended_and_listed_with_todays_end(desk: Desk):
    assert desk("init").code == 0
    desk.file(
        "agreement.toml", given.toml("lead_body").replace("starts = 2013-04-01", "starts = 2013-04-01\nends = 2016-03-31")
    )
    assert desk("agreement", "sign", "agreement.toml").code == 0
    done = desk("agreement", "extend", "pool", "--to", "2016-03-31")
    assert (done.code, done.err) == (
        1,
        "pool ends on 2016-03-31 already, so 2016-03-31 does not extend it: name a later day.\n",
    )
    done = desk("agreement", "extend", "pool", "--to", "2018-03-31", "--on", "2016-01-01")
    assert done.out.splitlines()[-1].split() == ["ends", "2016-03-31", "2018-03-31"]
    assert "2018-03-31" in desk("agreement", "list").out
    assert "2016-03-31" in desk("agreement", "show", "pool", "--as-at", "2015-12-31").out
