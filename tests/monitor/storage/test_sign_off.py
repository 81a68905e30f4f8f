"""An ended session takes notes, a signed one amendments only: the database itself sees to it."""

from datetime import timedelta

import pytest

from monitor import amendments
from monitor.accounts.people import Actor, Role
from monitor.clock import Instant
from monitor.entries import EntryLimits
from monitor.entry_messages import IdentifyPatient
from monitor.errors import BugError, OperatorError
from monitor.patients import CourseDetails, Details, Patient
from monitor.records import DoseKept, IdentificationKept, Meaning
from monitor.storage import schema
from monitor.storage.chain_check import Flaw
from monitor.storage.courses import CourseRegister
from monitor.storage.database import Database
from monitor.storage.heads import Ed25519Signer
from monitor.storage.history import list_sessions, load_session
from monitor.storage.patients import PatientRegister
from monitor.storage.recorder import append
from monitor.storage.rows import encode
from monitor.storage.sign_off import SignOff
from monitor.storage.verify import verify
from monitor.storage.writer import Writer
from tests.monitor.storage.attacker import attack
from tests.monitor.storage.conftest import OPENED, Maker

SESSION = "5e55101"
PHYSICIAN = Actor("u-1", "Dr. Weber", Role.PHYSICIAN)
NURSE = Actor("u-2", "Ben", Role.NURSE)
SIGNER = Ed25519Signer(bytes(range(32)))
LABEL = "Bell, Ben · no. 47 Bell"
NEXT_DAY = Instant(0.0, OPENED + timedelta(days=1))


@pytest.fixture
def ended(database: Database, records, maker: Maker) -> Database:
    append(database, [*records, maker.identification(), maker.dose(), maker.phase("ended", 60.0)])
    return database


@pytest.fixture
def office(ended: Database) -> SignOff:
    return SignOff(ended, SIGNER)


def registered(database: Database, name: str = "Bell") -> Patient:
    details, today = Details(name, "Ben", clinic_number=f"47 {name}"), NEXT_DAY.utc.date()
    return PatientRegister(database).add(details, NURSE, NEXT_DAY, today)


def sign(office: SignOff, **more: bool):
    return office.sign(SESSION, Meaning.REVIEW, PHYSICIAN, NEXT_DAY, comment="seen", **more)


def seq_of(database: Database, kind: type) -> int:
    rows = load_session(database, SESSION).rows
    return next(row.stamp.seq for row in rows if isinstance(row, kind))


def test_a_note_after_the_end_is_the_next_row_and_makes_the_session_no_longer(
    ended, office
) -> None:
    note = office.note(SESSION, "went home well", NURSE, NEXT_DAY)
    assert (note.stamp.seq, note.stamp.t_s) == (11, 86400.0)
    stored = load_session(ended, SESSION)
    assert stored.rows[-1] == note
    assert stored.last_t_s == 60.0
    assert list_sessions(ended)[0].last_t_s == 60.0
    assert verify(ended).is_intact


def test_a_clock_that_was_set_back_makes_no_row_earlier_than_the_end(office) -> None:
    before = Instant(0.0, OPENED - timedelta(days=3))
    assert office.note(SESSION, "note", NURSE, before).stamp.t_s == 60.0


def test_a_running_session_takes_entries_from_its_station_only(database, records, maker) -> None:
    append(database, records)
    office = SignOff(database)
    for refused in (
        lambda: office.note(SESSION, "note", NURSE, NEXT_DAY),
        lambda: office.amend(SESSION, 4, "mean", 1.0, "why", NURSE, NEXT_DAY),
        lambda: sign(office),
    ):
        with pytest.raises(OperatorError, match="has not ended"):
            refused()
    with pytest.raises(OperatorError, match="no such session"):
        office.note("nobody", "note", NURSE, NEXT_DAY)
    assert len(load_session(database, SESSION).rows) == len(records) - 1


def test_a_signature_covers_the_rows_before_it_and_is_signed(ended, office) -> None:
    signature = sign(office)
    assert (signature.covers_link, signature.by) == (9, "Dr. Weber (physician)")
    (summary,) = list_sessions(ended)
    assert (summary.is_signed, summary.is_amended_since) == (True, False)
    assert load_session(ended, SESSION).signatures == (signature,)
    verdict = verify(ended, public_keys=[SIGNER.public_key])
    assert verdict.is_intact
    assert verdict.heads == 1


@pytest.mark.parametrize("table", schema.ROW_TABLES, ids=str)
def test_the_database_itself_takes_nothing_more_but_amendments_and_signatures(
    ended, office, maker, table
) -> None:
    sign(office)
    maker.seq += 50
    measured = [maker.reading(), maker.pressure(), maker.transition(), maker.phase("recovery")]
    rows = [*measured, *maker.entries(), maker.signature(10, "")]
    (late,) = [row for row in rows if encode(row)[0] is table]
    if table in (schema.amendment, schema.signature):
        append(ended, [late])
        return
    with pytest.raises(BugError, match="the session is signed: amend it"):
        append(ended, [late])


def test_what_is_refused_holds_up_no_row_of_another_session(ended, office, path) -> None:
    sign(office)
    late, other = Maker(), Maker("other")
    late.seq = 70
    writer = Writer(lambda: ended)
    assert writer.store([other.opened(), late.reading(), other.reading(), late.reading()]) == 2
    assert [one.readings for one in list_sessions(ended)] == [2, 1]


def test_rows_sent_again_after_the_signature_change_nothing(ended, office, records, maker) -> None:
    before = load_session(ended, SESSION).rows
    sign(office)
    append(ended, [*records, *before])
    assert load_session(ended, SESSION).rows[:-1] == before
    assert verify(ended).is_intact


def test_a_session_that_runs_cannot_be_signed_with_another_tool_either(
    database, records, maker
) -> None:
    append(database, records)
    with pytest.raises(BugError, match="only a session that has ended is signed"):
        append(database, [maker.signature(6, "")])


def test_an_amendment_after_the_signature_asks_for_another(ended, office) -> None:
    sign(office)
    dose = seq_of(ended, DoseKept)
    amendment = office.amend(SESSION, dose, "amount", 30.0, "misread", PHYSICIAN, NEXT_DAY)
    assert (amendment.old, amendment.new) == (35.0, 30.0)
    (summary,) = list_sessions(ended)
    assert (summary.is_signed, summary.is_amended_since) == (True, True)
    assert load_session(ended, SESSION).is_amended_since_signature
    again = office.amend(SESSION, dose, "amount", 32.0, "misread again", PHYSICIAN, NEXT_DAY)
    assert again.old == 30.0
    sign(office)
    assert not list_sessions(ended)[0].is_amended_since
    assert not load_session(ended, SESSION).is_amended_since_signature
    assert verify(ended).is_intact


def test_a_measured_row_is_amended_by_its_number(ended, office) -> None:
    amendment = office.amend(SESSION, 3, "quality", "artifact", "probe off", NURSE, NEXT_DAY)
    assert (amendment.target_table, amendment.target_seq) == ("reading", 3)
    with pytest.raises(OperatorError, match="no row 99"):
        office.amend(SESSION, 99, "quality", "artifact", "why", NURSE, NEXT_DAY)


def test_what_was_forgotten_is_added_to_a_signed_session(ended, office) -> None:
    sign(office)
    with pytest.raises(OperatorError, match="session is signed"):
        office.note(SESSION, "note", NURSE, NEXT_DAY)
    added = office.add_to(SESSION, "escort came late", "forgotten", NURSE, NEXT_DAY)
    assert load_session(ended, SESSION).rows[-1] == added


def test_only_a_physician_signs_and_only_who_treats_amends(office) -> None:
    administrator = Actor("u-9", "Ada", Role.ADMINISTRATOR)
    with pytest.raises(OperatorError, match="Only a physician"):
        office.sign(SESSION, Meaning.REVIEW, NURSE, NEXT_DAY)
    with pytest.raises(OperatorError, match="may amend"):
        office.amend(SESSION, 3, "quality", "artifact", "why", administrator, NEXT_DAY)


def test_without_a_patient_there_is_nothing_to_sign(database, records, maker) -> None:
    append(database, [*records, maker.phase("ended", 60.0)])
    office = SignOff(database)
    with pytest.raises(OperatorError, match="Nobody has said who the patient is"):
        sign(office)
    ben = registered(database)
    found = IdentifyPatient(SESSION, ben.id, "Somebody Else", reason="by his card", by="Dr. Weber")
    (row,) = office.identify(found, NURSE, NEXT_DAY)
    assert isinstance(row, IdentificationKept)
    assert (row.by, row.by_id) == (NURSE.by, NURSE.user_id)
    (summary,) = list_sessions(database, ben.id)
    assert (summary.patient, summary.is_identified) == (LABEL, True)
    sign(office)


def test_who_is_not_in_the_register_was_not_the_patient(ended, office) -> None:
    ben, other = registered(ended), registered(ended, "Other")
    details = CourseDetails(other.id, NEXT_DAY.utc.date(), "low mood")
    course = CourseRegister(ended).add(details, PHYSICIAN, NEXT_DAY, NEXT_DAY.utc.date())
    for patient_id in ("made-up", "p-1", "\ud800"):
        with pytest.raises(OperatorError, match="no such patient"):
            office.identify(IdentifyPatient(SESSION, patient_id, "x"), NURSE, NEXT_DAY)
    with pytest.raises(OperatorError, match="course is not this patient's"):
        office.identify(IdentifyPatient(SESSION, ben.id, "x", course.id), NURSE, NEXT_DAY)
    assert list_sessions(ended, ben.id) == ()
    office.identify(IdentifyPatient(SESSION, other.id, "x", course.id), NURSE, NEXT_DAY)
    (summary,) = list_sessions(ended, other.id)
    assert summary.course_id == course.id


def test_the_ceiling_of_a_dose_is_the_clinics_also_after_the_end(ended) -> None:
    dose = seq_of(ended, DoseKept)
    change = (SESSION, dose, "amount", 130.0, "misread", PHYSICIAN, NEXT_DAY)
    with pytest.raises(OperatorError, match="above 120 mg"):
        SignOff(ended, SIGNER, EntryLimits(ketamine_mg=120.0)).amend(*change)
    SignOff(ended, SIGNER).amend(*change)


def test_the_patient_of_a_signed_session_is_corrected_by_amendments(ended, office) -> None:
    sign(office)
    ben = registered(ended).id
    right = IdentifyPatient(SESSION, ben, LABEL, reason="mixed up", by="Dr. Weber")
    made = office.identify(right, PHYSICIAN, NEXT_DAY)
    assert [one.field for one in made] == ["patient_id", "course_id", "patient"]
    assert [one.stamp.seq for one in made] == [12, 13, 14]
    (summary,) = list_sessions(ended, ben)
    assert (summary.patient, summary.course_id) == (LABEL, None)
    stored = load_session(ended, SESSION)
    assert stored.patient == LABEL
    assert stored.identification.patient_id == ben
    assert isinstance(stored.rows[6], IdentificationKept)
    assert stored.rows[6].patient_id == "p-1"
    assert verify(ended).is_intact
    with pytest.raises(OperatorError, match="the patient already"):
        office.identify(right, PHYSICIAN, NEXT_DAY)
    with pytest.raises(OperatorError, match="say anew who the patient is"):
        office.amend(
            SESSION,
            stored.identification.stamp.seq,
            "patient_id",
            "nobody",
            "why",
            PHYSICIAN,
            NEXT_DAY,
        )


def test_rows_that_may_still_come_are_waited_for(database, records, maker) -> None:
    lost = maker.reading(5.0)
    append(database, [*records, maker.identification(), maker.phase("ended", 60.0)])
    office = SignOff(database)
    with pytest.raises(OperatorError, match="1 rows of this session are not in the database"):
        sign(office)
    append(database, [lost])
    sign(office)


def test_what_will_never_come_holds_up_no_signature(database, records, maker) -> None:
    maker.seq += 3
    append(database, [*records, maker.identification(), maker.phase("ended", 60.0)])
    assert sign(SignOff(database), accept_missing=True)


def test_every_entry_is_in_the_log_by_ids_and_anchors_the_chain(ended, office) -> None:
    sign(office)
    with ended.reading() as connection:
        rows = connection.exec_driver_sql("SELECT actor, action, detail FROM audit").all()
    assert [tuple(row[:2]) for row in rows] == [
        ("vigil", "session.opened"),
        ("u-2", "session.identification"),
        ("u-2", "session.dose"),
        ("vigil", "session.ended"),
        ("u-1", "session.signature"),
    ]
    assert '"links":10' in rows[-1][2]
    assert "Weber" not in str(rows)


def test_a_signature_for_other_rows_is_found(ended, office, path) -> None:
    sign(office)
    with attack(path) as attacker:
        signature = next(row for row in attacker.rows(SESSION) if row.table == "signature")
        attacker.put(signature, covers_chain="00" * 32)
        attacker.recompute(SESSION)
        links, chain = attacker.run("SELECT links, chain FROM session_tip").fetchone()
        for row in attacker.table("audit"):
            if row.values["action"] == "session.signature":
                attacker.put(row, detail=f'{{"chain":"{chain.hex()}","links":{links},"seq":11}}')
        attacker.recompute_log()
    found = {(one.table, one.flaw) for one in verify(ended).breaks}
    assert ("signature", Flaw.CHANGED) in found


def test_amendments_call_the_tables_by_their_names(records, maker) -> None:
    rows = [*records[1:], *maker.entries()]
    named = {type(row): encode(row)[0].name for row in rows if type(row) in amendments.NAMES}
    assert named == amendments.NAMES


def test_two_who_amend_at_the_same_time_get_different_numbers(ended, office) -> None:
    numbers = [
        office.add_to(SESSION, f"addendum {n}", "forgotten", NURSE, NEXT_DAY).stamp.seq
        for n in range(3)
    ]
    assert numbers == [11, 12, 13]
