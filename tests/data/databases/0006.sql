PRAGMA application_id = 1447642956;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE session (
	id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s REAL NOT NULL, 
	opened_utc_us INTEGER NOT NULL, 
	chair TEXT NOT NULL, 
	patient TEXT NOT NULL, 
	driver TEXT NOT NULL, 
	port TEXT NOT NULL, 
	is_simulated INTEGER NOT NULL, 
	planned_infusion_s REAL NOT NULL, 
	cuff_interval_s REAL NOT NULL, 
	time_zone TEXT NOT NULL, 
	utc_offset_s INTEGER NOT NULL, 
	app_version TEXT NOT NULL, 
	profile TEXT NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_session PRIMARY KEY (id), 
	CONSTRAINT ck_session_is_simulated CHECK (is_simulated IN (0, 1))
)
 WITHOUT ROWID

;
CREATE TABLE reading (
	session_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s REAL NOT NULL, 
	utc_us INTEGER NOT NULL, 
	device TEXT NOT NULL, 
	vital TEXT NOT NULL, 
	value REAL, 
	quality TEXT NOT NULL, 
	source TEXT NOT NULL, 
	link INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_reading PRIMARY KEY (session_id, seq), 
	CONSTRAINT fk_reading_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_reading_seq CHECK (seq > 0), 
	CONSTRAINT ck_reading_link CHECK (link > 0)
)
 WITHOUT ROWID

;
CREATE TABLE blood_pressure (
	session_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s REAL NOT NULL, 
	utc_us INTEGER NOT NULL, 
	device TEXT NOT NULL, 
	systolic REAL NOT NULL, 
	diastolic REAL NOT NULL, 
	mean REAL, 
	pulse REAL, 
	taken_utc_us INTEGER, 
	is_stale INTEGER NOT NULL, 
	quality TEXT NOT NULL, 
	link INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_blood_pressure PRIMARY KEY (session_id, seq), 
	CONSTRAINT ck_blood_pressure_is_stale CHECK (is_stale IN (0, 1)), 
	CONSTRAINT fk_blood_pressure_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_blood_pressure_seq CHECK (seq > 0), 
	CONSTRAINT ck_blood_pressure_link CHECK (link > 0)
)
 WITHOUT ROWID

;
CREATE TABLE alarm_transition (
	session_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s REAL NOT NULL, 
	utc_us INTEGER NOT NULL, 
	rule TEXT NOT NULL, 
	priority TEXT NOT NULL, 
	old TEXT NOT NULL, 
	new TEXT NOT NULL, 
	value TEXT NOT NULL, 
	"limit" TEXT NOT NULL, 
	text TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	since_s REAL, 
	until_s REAL, 
	ended_s REAL, 
	link INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_alarm_transition PRIMARY KEY (session_id, seq), 
	CONSTRAINT ck_alarm_transition_priority CHECK (priority IN ('low', 'medium', 'high')), 
	CONSTRAINT fk_alarm_transition_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_alarm_transition_seq CHECK (seq > 0), 
	CONSTRAINT ck_alarm_transition_link CHECK (link > 0)
)
 WITHOUT ROWID

;
CREATE TABLE happening (
	session_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s REAL NOT NULL, 
	utc_us INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	link INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_happening PRIMARY KEY (session_id, seq), 
	CONSTRAINT fk_happening_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_happening_seq CHECK (seq > 0), 
	CONSTRAINT ck_happening_link CHECK (link > 0)
)
 WITHOUT ROWID

;
CREATE TABLE audit (
	number INTEGER NOT NULL, 
	at_utc_us INTEGER NOT NULL, 
	actor TEXT NOT NULL, 
	action TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (number)
)
 WITHOUT ROWID

;
CREATE TABLE signed_head (
	number INTEGER NOT NULL, 
	at_utc_us INTEGER NOT NULL, 
	audit_number INTEGER NOT NULL, 
	audit_chain BLOB NOT NULL, 
	key_id TEXT NOT NULL, 
	signature BLOB NOT NULL, 
	CONSTRAINT pk_signed_head PRIMARY KEY (number)
)
 WITHOUT ROWID

;
CREATE TABLE erasure (
	session_id TEXT NOT NULL, 
	audit_number INTEGER NOT NULL, 
	CONSTRAINT pk_erasure PRIMARY KEY (session_id), 
	CONSTRAINT fk_erasure_audit FOREIGN KEY(audit_number) REFERENCES audit (number)
)
 WITHOUT ROWID

;
CREATE TABLE person (
	id TEXT NOT NULL, 
	sign_in_key TEXT NOT NULL, 
	sign_in_name TEXT NOT NULL, 
	name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	password_hash TEXT NOT NULL, 
	is_disabled INTEGER NOT NULL, 
	must_change_password INTEGER NOT NULL, 
	added_utc_us INTEGER NOT NULL, 
	CONSTRAINT pk_person PRIMARY KEY (id), 
	CONSTRAINT uq_person_sign_in_key UNIQUE (sign_in_key), 
	CONSTRAINT ck_person_role CHECK (role IN ('nurse', 'physician', 'administrator')), 
	CONSTRAINT ck_person_is_disabled CHECK (is_disabled IN (0, 1)), 
	CONSTRAINT ck_person_must_change_password CHECK (must_change_password IN (0, 1))
)
 WITHOUT ROWID

;
CREATE TABLE sign_in_attempt (
	who TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	last_utc_us INTEGER NOT NULL, 
	CONSTRAINT pk_sign_in_attempt PRIMARY KEY (who), 
	CONSTRAINT ck_sign_in_attempt_failures CHECK (failures > 0)
)
 WITHOUT ROWID

;
CREATE TABLE identification (
	session_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s REAL NOT NULL, 
	utc_us INTEGER NOT NULL, 
	patient_id TEXT NOT NULL, 
	course_id TEXT, 
	patient TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	by_id TEXT NOT NULL, 
	link INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_identification PRIMARY KEY (session_id, seq), 
	CONSTRAINT fk_identification_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_identification_seq CHECK (seq > 0), 
	CONSTRAINT ck_identification_link CHECK (link > 0)
)
 WITHOUT ROWID

;
CREATE TABLE event (
	session_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s REAL NOT NULL, 
	utc_us INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	text TEXT NOT NULL, 
	at_s REAL NOT NULL, 
	"by" TEXT NOT NULL, 
	by_id TEXT NOT NULL, 
	link INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_event PRIMARY KEY (session_id, seq), 
	CONSTRAINT fk_event_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_event_seq CHECK (seq > 0), 
	CONSTRAINT ck_event_link CHECK (link > 0)
)
 WITHOUT ROWID

;
CREATE TABLE dose (
	session_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s REAL NOT NULL, 
	utc_us INTEGER NOT NULL, 
	drug TEXT NOT NULL, 
	route TEXT NOT NULL, 
	amount REAL NOT NULL, 
	unit TEXT NOT NULL, 
	weight_kg REAL, 
	lot TEXT NOT NULL, 
	waste REAL, 
	witness TEXT NOT NULL, 
	at_s REAL NOT NULL, 
	"by" TEXT NOT NULL, 
	by_id TEXT NOT NULL, 
	link INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_dose PRIMARY KEY (session_id, seq), 
	CONSTRAINT ck_dose_amount CHECK (amount > 0), 
	CONSTRAINT fk_dose_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_dose_seq CHECK (seq > 0), 
	CONSTRAINT ck_dose_link CHECK (link > 0)
)
 WITHOUT ROWID

;
CREATE TABLE scale (
	session_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s REAL NOT NULL, 
	utc_us INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	total REAL NOT NULL, 
	detail TEXT NOT NULL, 
	at_s REAL NOT NULL, 
	"by" TEXT NOT NULL, 
	by_id TEXT NOT NULL, 
	link INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_scale PRIMARY KEY (session_id, seq), 
	CONSTRAINT fk_scale_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_scale_seq CHECK (seq > 0), 
	CONSTRAINT ck_scale_link CHECK (link > 0)
)
 WITHOUT ROWID

;
CREATE TABLE note (
	session_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s REAL NOT NULL, 
	utc_us INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	by_id TEXT NOT NULL, 
	link INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_note PRIMARY KEY (session_id, seq), 
	CONSTRAINT fk_note_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_note_seq CHECK (seq > 0), 
	CONSTRAINT ck_note_link CHECK (link > 0)
)
 WITHOUT ROWID

;
CREATE TABLE limit_change (
	session_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s REAL NOT NULL, 
	utc_us INTEGER NOT NULL, 
	rule TEXT NOT NULL, 
	field TEXT NOT NULL, 
	old TEXT NOT NULL, 
	new TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	by_id TEXT NOT NULL, 
	link INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_limit_change PRIMARY KEY (session_id, seq), 
	CONSTRAINT fk_limit_change_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_limit_change_seq CHECK (seq > 0), 
	CONSTRAINT ck_limit_change_link CHECK (link > 0)
)
 WITHOUT ROWID

;
CREATE TABLE amendment (
	session_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s REAL NOT NULL, 
	utc_us INTEGER NOT NULL, 
	target_table TEXT NOT NULL, 
	target_seq INTEGER NOT NULL, 
	field TEXT NOT NULL, 
	old TEXT NOT NULL, 
	new TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	by_id TEXT NOT NULL, 
	link INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_amendment PRIMARY KEY (session_id, seq), 
	CONSTRAINT fk_amendment_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_amendment_seq CHECK (seq > 0), 
	CONSTRAINT ck_amendment_link CHECK (link > 0)
)
 WITHOUT ROWID

;
CREATE TABLE signature (
	session_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s REAL NOT NULL, 
	utc_us INTEGER NOT NULL, 
	meaning TEXT NOT NULL, 
	comment TEXT NOT NULL, 
	covers_link INTEGER NOT NULL, 
	covers_chain TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	by_id TEXT NOT NULL, 
	link INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_signature PRIMARY KEY (session_id, seq), 
	CONSTRAINT ck_signature_meaning CHECK (meaning IN ('authorship', 'review', 'approval', 'responsibility')), 
	CONSTRAINT fk_signature_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_signature_seq CHECK (seq > 0), 
	CONSTRAINT ck_signature_link CHECK (link > 0)
)
 WITHOUT ROWID

;
CREATE TABLE patient (
	id TEXT NOT NULL, 
	added_utc_us INTEGER NOT NULL, 
	CONSTRAINT pk_patient PRIMARY KEY (id)
)
 WITHOUT ROWID

;
CREATE TABLE patient_version (
	patient_id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	family_name TEXT NOT NULL, 
	given_name TEXT NOT NULL, 
	date_of_birth TEXT, 
	clinic_number TEXT NOT NULL, 
	sex TEXT, 
	note TEXT NOT NULL, 
	family_key TEXT NOT NULL, 
	given_key TEXT NOT NULL, 
	number_key TEXT NOT NULL, 
	at_utc_us INTEGER NOT NULL, 
	"by" TEXT NOT NULL, 
	by_id TEXT NOT NULL, 
	salt BLOB NOT NULL, 
	CONSTRAINT pk_patient_version PRIMARY KEY (patient_id, version), 
	CONSTRAINT fk_patient_version_patient FOREIGN KEY(patient_id) REFERENCES patient (id), 
	CONSTRAINT ck_patient_version_sex CHECK (sex IN ('female', 'male', 'other', 'unknown')), 
	CONSTRAINT ck_patient_version_two_identifiers CHECK (family_name <> '' AND (date_of_birth IS NOT NULL OR clinic_number <> ''))
)
 WITHOUT ROWID

;
CREATE TABLE course (
	id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	patient_id TEXT NOT NULL, 
	started TEXT NOT NULL, 
	title TEXT NOT NULL, 
	planned_sessions INTEGER, 
	at_utc_us INTEGER NOT NULL, 
	"by" TEXT NOT NULL, 
	by_id TEXT NOT NULL, 
	salt BLOB NOT NULL, 
	CONSTRAINT pk_course PRIMARY KEY (id, version), 
	CONSTRAINT fk_course_patient FOREIGN KEY(patient_id) REFERENCES patient (id), 
	CONSTRAINT ck_course_planned_sessions CHECK (planned_sessions > 0)
)
 WITHOUT ROWID

;
CREATE TABLE patient_erasure (
	patient_id TEXT NOT NULL, 
	audit_number INTEGER NOT NULL, 
	CONSTRAINT pk_patient_erasure PRIMARY KEY (patient_id), 
	CONSTRAINT fk_patient_erasure_audit FOREIGN KEY(audit_number) REFERENCES audit (number)
)
 WITHOUT ROWID

;
CREATE TABLE session_tip (
	session_id TEXT NOT NULL, 
	links INTEGER NOT NULL, 
	last_seq INTEGER NOT NULL, 
	anchored INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	phase TEXT NOT NULL, 
	last_t_s REAL NOT NULL, 
	readings INTEGER NOT NULL, 
	pressures INTEGER NOT NULL, 
	alarms INTEGER NOT NULL, 
	patient_id TEXT, 
	course_id TEXT, 
	patient TEXT, 
	identified_seq INTEGER NOT NULL, 
	signed_link INTEGER NOT NULL, 
	CONSTRAINT pk_session_tip PRIMARY KEY (session_id), 
	CONSTRAINT fk_session_tip_session FOREIGN KEY(session_id) REFERENCES session (id)
)
 WITHOUT ROWID

;
CREATE TABLE alarm_profile (
	number INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	approved_by TEXT NOT NULL, 
	by_id TEXT NOT NULL, 
	at_utc_us INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_alarm_profile PRIMARY KEY (number), 
	CONSTRAINT ck_alarm_profile_version CHECK (version > 0), 
	CONSTRAINT ck_alarm_profile_reason CHECK (reason <> '')
)
 WITHOUT ROWID

;
INSERT INTO alembic_version ("version_num") VALUES ('0006');
INSERT INTO session ("id", "seq", "t_s", "opened_utc_us", "chair", "patient", "driver", "port", "is_simulated", "planned_infusion_s", "cuff_interval_s", "time_zone", "utc_offset_s", "app_version", "profile", "chain") VALUES ('5e55101', 1, 0.0, 1795083360123457, 'Chair 1', 'Žofia O''Hara; "x" <b>=1+1</b>
2 💊', 'ge_s5', '/dev/ttyUSB0', 1, 2400.0, 300.0, 'CET', 3600, '0.1.0', '{"name": "Ketamine IV", "rule": [{"id": "BP-H2"}]}', X'D17D2D10F4CFEC82420A2B0C878B82E625182E8B511FEB188872EFD9C9874389');
INSERT INTO session ("id", "seq", "t_s", "opened_utc_us", "chair", "patient", "driver", "port", "is_simulated", "planned_infusion_s", "cuff_interval_s", "time_zone", "utc_offset_s", "app_version", "profile", "chain") VALUES ('5e55202', 1, 0.0, 1795083360123457, 'Chair 2', 'Demo patient', 'ge_s5', '/dev/ttyUSB0', 1, 2400.0, 300.0, 'CET', 3600, '0.1.0', '{"name": "Ketamine IV", "rule": [{"id": "BP-H2"}]}', X'BE72CEECD9C869D1F68FA1968EA8CFEA11819B20FD4879CFD7671648FF3C9733');
INSERT INTO session ("id", "seq", "t_s", "opened_utc_us", "chair", "patient", "driver", "port", "is_simulated", "planned_infusion_s", "cuff_interval_s", "time_zone", "utc_offset_s", "app_version", "profile", "chain") VALUES ('empty', 1, 0.0, 1795083360123457, 'Chair 3', 'Demo patient', 'ge_s5', '/dev/ttyUSB0', 1, 2400.0, 300.0, 'CET', 3600, '0.1.0', '{"name": "Ketamine IV", "rule": [{"id": "BP-H2"}]}', X'B23445A0DB044C2FD889D13173EE4A3F42F074F777745E230A15796D97DE1B0C');
INSERT INTO session ("id", "seq", "t_s", "opened_utc_us", "chair", "patient", "driver", "port", "is_simulated", "planned_infusion_s", "cuff_interval_s", "time_zone", "utc_offset_s", "app_version", "profile", "chain") VALUES ('signed', 1, 0.0, 1795083360123457, 'Chair 1', 'Demo patient', 'ge_s5', '/dev/ttyUSB0', 1, 2400.0, 300.0, 'CET', 3600, '0.1.0', '{"name": "Ketamine IV", "rule": [{"id": "BP-H2"}]}', X'7E9B195A9DEC1AAEF1478DF78D087630E66F59BEABF26ED060A7B02E76E6B4DC');
INSERT INTO reading ("session_id", "seq", "t_s", "utc_us", "device", "vital", "value", "quality", "source", "link", "chain") VALUES ('5e55101', 3, 1.0, 1795083361123457, 'ge_s5', 'pulse_rate', 72.0, 'ok', 'oximeter', 2, X'4B74C74729DCCA058E5AF86D26A702388A95384DE150E5DB92FAFEB573621276');
INSERT INTO reading ("session_id", "seq", "t_s", "utc_us", "device", "vital", "value", "quality", "source", "link", "chain") VALUES ('5e55101', 7, 4.0, 1795083364123457, 'ge_s5', 'pulse_rate', NULL, 'sensor_off', 'oximeter', 6, X'B9AAEF08806D04F65FE0466249092DD9F1B89343C44C06FE617DCA3A66D72660');
INSERT INTO reading ("session_id", "seq", "t_s", "utc_us", "device", "vital", "value", "quality", "source", "link", "chain") VALUES ('5e55202', 3, 1.25, 1795083361373457, 'ge_s5', 'pulse_rate', 0.0, 'ok', 'oximeter', 2, X'D474D81A096BE1C75D009C6E3460FE8170CCA8BC181FA29E82AF5EB3333BD880');
INSERT INTO reading ("session_id", "seq", "t_s", "utc_us", "device", "vital", "value", "quality", "source", "link", "chain") VALUES ('5e55202', 4, 2.0, 1795083362123457, 'ge_s5', 'pulse_rate', 1.0e-300, 'ok', 'oximeter', 3, X'A5292E6D82A1B90C0F9C8DE182EC8BA2006CD099C608FE6D90489AB1076AAB0E');
INSERT INTO blood_pressure ("session_id", "seq", "t_s", "utc_us", "device", "systolic", "diastolic", "mean", "pulse", "taken_utc_us", "is_stale", "quality", "link", "chain") VALUES ('5e55101', 4, 2.0, 1795083362123457, 'ge_s5', 184.0, 101.0, 129.0, NULL, 1795083358123457, 0, 'ok', 3, X'31EE452FEA4CCFCB47AA0B81409FA7A2F54FDB0BD8BDC800DE48B7F622EADD48');
INSERT INTO blood_pressure ("session_id", "seq", "t_s", "utc_us", "device", "systolic", "diastolic", "mean", "pulse", "taken_utc_us", "is_stale", "quality", "link", "chain") VALUES ('5e55202', 8, 70.0, 1795083430123457, 'ge_s5', 121.0, 101.0, 129.0, NULL, 1795083426123457, 0, 'ok', 4, X'FC7DE13B147C21E16EBAF24A6868E2A4F2DB505142E41CE0D5A0B6816174CF77');
INSERT INTO alarm_transition ("session_id", "seq", "t_s", "utc_us", "rule", "priority", "old", "new", "value", "limit", "text", "by", "since_s", "until_s", "ended_s", "link", "chain") VALUES ('5e55101', 5, 2.0, 1795083362123457, 'BP-H2', 'high', 'quiet', 'sounding', '{"systolic": 184.0}', '{"systolic": 180.0}', 'Blood pressure 184/101', '', 2.0, NULL, NULL, 4, X'A46C0E326B4E7D71835991326B2034D0DDDCAF5A98A92F373C981269274F0667');
INSERT INTO alarm_transition ("session_id", "seq", "t_s", "utc_us", "rule", "priority", "old", "new", "value", "limit", "text", "by", "since_s", "until_s", "ended_s", "link", "chain") VALUES ('5e55101', 9, 6.5, 1795083366623457, 'BP-H2', 'high', 'quiet', 'sounding', '{"systolic": 184.0}', '{"systolic": 180.0}', 'Blood pressure 184/101', '', 6.5, NULL, NULL, 8, X'461ACB4C274F2FEB27DB9345C1CF9E6CF1A2F53173CFF30D75892D0F3CCC6396');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail", "link", "chain") VALUES ('5e55101', 10, 7.0, 1795083367123457, 'phase', '{"phase": "recovery"}', 9, X'248186C04BD9C2DA56186A8A58E20202DAC611FEE16E1B199C1B5AFC976BF070');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail", "link", "chain") VALUES ('5e55101', 11, 9.5, 1795083369623457, 'phase', '{"phase": "ended"}', 10, X'5DC019ABA55FA989A96F06198280693FA25D06557A64AE4BB5BE162BD4C5B910');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail", "link", "chain") VALUES ('5e55101', 2, 0.0, 1795083360123457, 'phase', '{"phase": "baseline"}', 1, X'691BA19540593969900019F2EC881889C127B769BB2D6F393BB67C27C61824D0');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail", "link", "chain") VALUES ('5e55101', 6, 3.0, 1795083363123457, 'phase', '{"phase": "infusion"}', 5, X'2B99957C8A0ABDED6D362195ED78F8FE941730420EF2B80C2994579042BE146E');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail", "link", "chain") VALUES ('5e55101', 8, 5.0, 1795083365123457, 'notice', '{"code": "cuff_leak", "text": "it''s \"loose\" ''now''"}', 7, X'CC7A45ABD7BAF9E65665BD0AC033E70642CAAF6C1E2FFB9B0CE4E228085BDD60');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail", "link", "chain") VALUES ('5e55202', 2, 0.0, 1795083360123457, 'phase', '{"phase": "baseline"}', 1, X'E9CD0F43C0D04BA236AD2A03E998E389BF3A7A136A2E6476C7FFBBFE3A40DA79');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail", "link", "chain") VALUES ('5e55202', 9, 71.0, 1795083431123457, 'phase', '{"phase": "infusion"}', 5, X'51E0D506F14E13C2677C7F38C21C8BC44D82A25986FDD9B7CD88EE63885D736B');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail", "link", "chain") VALUES ('signed', 11, 60.0, 1795083420123457, 'phase', '{"phase": "ended"}', 9, X'8069A70BED3A575BC3DB4BA1EC14153E4CD0E307F3803675955A463210857E46');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail", "link", "chain") VALUES ('signed', 2, 0.0, 1795083360123457, 'phase', '{"phase": "baseline"}', 1, X'A8729AB2642F57D9C97634597F9D359BF6358FB1D8FBEEC76A7ACC50357228A5');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (1, 1795083360123457, 'vigil', 'station.started', '', '{"process":7}', X'72526CB1C686CD067E9EAE191036A807B0488FB145BBA12E0865B9763B4A3AFC');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (10, 1795083360123457, 'vigil', 'session.opened', 'empty', '{"chain":"b23445a0db044c2fd889d13173ee4a3f42f074f777745e230a15796d97de1b0c","links":0}', X'DEA8AE5DAF76955E4699F1A0E1DE638718993DD9099F1E81DE9353A365407F9F');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (11, 1795083360123457, 'vigil', 'session.opened', 'signed', '{"chain":"7e9b195a9dec1aaef1478df78d087630e66f59beabf26ed060a7b02e76e6b4dc","links":0}', X'56EA96587145EBE8AD2907C1C9D295EC35AF046EFB3C78BD179D41A4BCADC15E');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (12, 1795083363123457, 'u-2', 'session.identification', 'signed', '{"chain":"8069a70bed3a575bc3db4ba1ec14153e4cd0e307f3803675955a463210857e46","links":9,"seq":3}', X'7AED42E2AE4720820F5E3F66EDD8A0CA8DABD8A477FFD77E142D1F81099054B0');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (13, 1795083363623457, 'u-2', 'session.dose', 'signed', '{"chain":"8069a70bed3a575bc3db4ba1ec14153e4cd0e307f3803675955a463210857e46","links":9,"seq":4}', X'196B41BEB513FCB1C452CC25B3EBBCBF9B155F86380692D9405E421B5EACB30E');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (14, 1795083363623457, 'u-2', 'session.event', 'signed', '{"chain":"8069a70bed3a575bc3db4ba1ec14153e4cd0e307f3803675955a463210857e46","links":9,"seq":6}', X'DD95967F01786EF05C18DE844369F3E10BB8FA07A03BB928A26FF0DEC4178C95');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (15, 1795083363623457, 'u-2', 'session.scale', 'signed', '{"chain":"8069a70bed3a575bc3db4ba1ec14153e4cd0e307f3803675955a463210857e46","links":9,"seq":7}', X'1A1D463522E35DAA6678D7C60FE4F57614AE4993071F84F820A3DD1D67FFF66B');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (16, 1795083363623457, 'u-2', 'session.note', 'signed', '{"chain":"8069a70bed3a575bc3db4ba1ec14153e4cd0e307f3803675955a463210857e46","links":9,"seq":8}', X'6E7C5A9F3553B0AFBA750F981BEA65532267DA8FC5BCE10E7B64F094121C9A32');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (17, 1795083363623457, 'u-2', 'session.limit_change', 'signed', '{"chain":"8069a70bed3a575bc3db4ba1ec14153e4cd0e307f3803675955a463210857e46","links":9,"seq":9}', X'C4E9094CBF896E0791EB860BBF804FA0B90F267E13574F056C085F1344664073');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (18, 1795083363623457, 'u-2', 'session.amendment', 'signed', '{"chain":"8069a70bed3a575bc3db4ba1ec14153e4cd0e307f3803675955a463210857e46","links":9,"seq":10}', X'C3904D43117B31CDC928CFB9F520544FA91A1ED41B1ED4824AB04A5F386493C0');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (19, 1795083420123457, 'vigil', 'session.ended', 'signed', '{"chain":"8069a70bed3a575bc3db4ba1ec14153e4cd0e307f3803675955a463210857e46","links":9}', X'C000B18EED09B5143F72EA03DC39F4FCD01A6DB93F5480DA8C77F98D1F674728');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (2, 1795094160123457, 'u-1', 'patient.added', '8a83785c44a04e80b1a3e77453312c83', '{"leaf":"2a03e8102a14ddb83cf9dd5eea67a3ba2f3d6ccbe989765357c15233f2b4af56","version":1}', X'FEF1235A1964E862FF8E57778EA3090A854097492A400A213E892F3F9F97CD32');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (20, 1795094160123457, 'u-1', 'session.note', 'signed', '{"chain":"6ba3634a1ba514d9c4965d3af74998834304e97440e9026373ef627636b3b0f3","links":10,"seq":12}', X'331AA28C83C75490248F3EB51EE247F3CA42E2DD277223DA5EF0739C660AE955');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (21, 1795094160123457, 'u-1', 'session.signature', 'signed', '{"chain":"9abe0c13e8dbd75c3b7b38903a1b8530137a413451bb13d1b5ba5c8a1cdf0296","links":11,"seq":13}', X'DD9D958D863EECA4E5C38D24CE013E5B93A32B956FCADF81D9295A86C0FBBA37');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (22, 1795094160123457, 'u-1', 'session.amendment', 'signed', '{"chain":"2d1a0bd7354118880fae1b3cea56c3f6007d6d6f196521ca614aa11692129711","links":12,"seq":14}', X'2D2DBA6F290DD53C0F85D8AE19437A30B0B0E18BE321A53AAA6CEA272347DFF0');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (23, 1795083360123457, 'vigil', 'session.opened', 'gone', '{"chain":"61c4e852d0c350371d6cd8a2dd7c3d260e2ea5efde05eebc87dae17cbba78dd4","links":0}', X'E024609D7DACEB962A3674FCF4DCFC71AEBD9BB3BBD08AF01A546E52413E5EDC');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (24, 1795083363123457, 'u-2', 'session.identification', 'gone', '{"chain":"c75688be5d38d031db1f90408df7ff86d7547fc5d2243f8b4352e2e215c60aeb","links":3,"seq":3}', X'2D2DDAD052A63F2ADE26D80C3C383D129DD3B7BDF9588C0B2EDD0D919155550E');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (25, 1795083363123457, 'vigil', 'session.ended', 'gone', '{"chain":"c75688be5d38d031db1f90408df7ff86d7547fc5d2243f8b4352e2e215c60aeb","links":3}', X'0FBBBA84D97918A45F885261D628041E55C173D9A28A71808C69256009F08B74');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (26, 1795094160123457, 'u-2', 'session.erased', 'gone', '{"reason":"the 10 years are over"}', X'49072DAC239CD03BD7C347C74559BDB9DB81F03FD82164185E803F59BCA92C78');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (27, 1795094160123457, 'u-2', 'patient.erased', 'eef189a85bb245a3930be1603254725e', '{"courses":0,"reason":"the 10 years are over","sessions":1}', X'6C72952DB4748CCA2E700AE326FEC430622B11802609BEB5D1E27E7114E21F58');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (28, 1795083360123457, 'u-1', 'session.exported', '5e55101', '{"to":"csv"}', X'17F82405F59F4AE9887CF8DBCC6D8953E77329D03234AC54F1C42B6CA24A8E78');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (29, 1795169760123457, 'vigil', 'session.anchored', '5e55202', '{"chain":"51e0d506f14e13c2677c7f38c21c8bc44d82a25986fdd9b7cd88ee63885d736b","links":5}', X'3E9C0C3BD7ECFDCCB8E2844BF55D880A008FB968DCBAF0FE35BD17E78B8D2E4A');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (3, 1795094160123457, 'u-1', 'patient.changed', '8a83785c44a04e80b1a3e77453312c83', '{"leaf":"c6c6d098ad81a020a1d55f8e92728954a85db845b7776cc6113bf0592a42aa70","version":2}', X'0A590FD8A1302094EA63FC643096DBBDEDC48E50DF9A9B886D7A310F5673CB17');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (30, 1795169760123457, 'vigil', 'station.stopped', '', '{"process":7}', X'6672A124751664690A78D531E6EDA1DCAEAB5FBA4920749CBBB60A0F04C19CEF');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (31, 1795331909207376, 'vigil', 'user.adopted', 'u-1', '{"leaf":"6a16db320acd498257bb1cb23ce852ebe5265dbdc78e252a95649400b4b941a7"}', X'AA32A8F7DBF005BE4348C8382B465B2461C6E29D1AC166CE7E07880CF0162127');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (32, 1795331909207376, 'vigil', 'user.adopted', 'u-2', '{"leaf":"875aca812dcf4d345285653f43d35edc5d9e8dc5c30799d880cac752de4389c1"}', X'23CF62C46890AE573A7BFABD35A945FF3421871BD7960128048968631BDCDE69');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (33, 1795338000000000, 'u-1', 'profile.approved', '1', '{"leaf":"9ee9fd274ef3721272b3ece0e2592d664223c880f655f503a312f60c40e2d0ba","meaning":"c3338115459cf21da32434324534b7682c30df9aa40d37954a2ad9f875d7e8e2","profile":"Ketamine IV","sha256":"0da73ca0999b3639e2bf2f7a0a56464df64d9f3ecc8bfac83065cf766087f991","version":2}', X'7946FEF078FAD098A658DA38C51256DA79C3BB491B9EDE365326F4CC5E2EB523');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (4, 1795094160123457, 'u-1', 'patient.added', 'eef189a85bb245a3930be1603254725e', '{"leaf":"654d937abdfa03ef415fd9e26e5b9c27b3182981304beeafdf0846ff4d56f876","version":1}', X'B7AC2CDCA4F64AF29E1ECC382BE7D6CC2BCDA887BF2BD3FE7584049839F75FB1');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (5, 1795094160123457, 'u-1', 'course.added', '37901d16d9494f39a6b5fc8aa97a8f16', '{"leaf":"474e140f273c98d56289e3cd3055eba49b6f2732d77543854db83d011d43acf1","patient":"8a83785c44a04e80b1a3e77453312c83","version":1}', X'F7C0E380BBA6C412B7BAB7F561D886D73916A9AD4240AB0416C1C42A116D6AF2');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (6, 1795094160123457, 'u-1', 'course.changed', '37901d16d9494f39a6b5fc8aa97a8f16', '{"leaf":"370f71dc30e2f2188ea88c0e4a25d181165e81730ffa0d6cfdad0914392e0e4e","patient":"8a83785c44a04e80b1a3e77453312c83","version":2}', X'203DE224CF265D2B6E8E8E5580103CEEE507C28A161824149E1BBF82B2955DD2');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (7, 1795083360123457, 'vigil', 'session.opened', '5e55101', '{"chain":"d17d2d10f4cfec82420a2b0c878b82e625182e8b511feb188872efd9c9874389","links":0}', X'39E2EE2B990F48AFE0C0E3308B486E41EFC02B848DE569EBC84AE960EC90B83C');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (8, 1795083369623457, 'vigil', 'session.ended', '5e55101', '{"chain":"5dc019aba55fa989a96f06198280693fa25d06557a64ae4bb5be162bd4c5b910","links":10}', X'9D0513113471406D1FCA4EB98903396BB4A7D4F5BCD5EDFE95705FDC27216ECB');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (9, 1795083360123457, 'vigil', 'session.opened', '5e55202', '{"chain":"be72ceecd9c869d1f68fa1968ea8cfea11819b20fd4879cfd7671648ff3c9733","links":0}', X'01E8093CD433D432D4B81373090D478B6AECAE9616265CAAA93360E47A052947');
INSERT INTO signed_head ("number", "at_utc_us", "audit_number", "audit_chain", "key_id", "signature") VALUES (1, 1795083360123457, 1, X'72526CB1C686CD067E9EAE191036A807B0488FB145BBA12E0865B9763B4A3AFC', '56475aa75463474c', X'52D1A33404656AEAC2412F367483A18D8FD61CA7EEF9EFFDDB51FB937D6AD5B48E5D24C9D54EC110C33452C536125F0E55FFF25B297C36FB5F2EFB711977460A');
INSERT INTO signed_head ("number", "at_utc_us", "audit_number", "audit_chain", "key_id", "signature") VALUES (2, 1795083369623457, 8, X'9D0513113471406D1FCA4EB98903396BB4A7D4F5BCD5EDFE95705FDC27216ECB', '56475aa75463474c', X'A134D3917054D374CEF9F226E9FC78C3B8F9A6060910DE42CFFA24E80B032B2B8B948561DB9483149715DA7DB5E333AF58B8F306E898310FAF0E1AC8A5F8E408');
INSERT INTO signed_head ("number", "at_utc_us", "audit_number", "audit_chain", "key_id", "signature") VALUES (3, 1795083420123457, 19, X'C000B18EED09B5143F72EA03DC39F4FCD01A6DB93F5480DA8C77F98D1F674728', '56475aa75463474c', X'CEA91868E34B7A7671238116BFFF90F576FEC18D6390BEF23EA969EE4D56F6AAE1DC8EDAAD84C6BC2DFA757A8903ACA1A4689A75A84793CFC680314FAA414706');
INSERT INTO signed_head ("number", "at_utc_us", "audit_number", "audit_chain", "key_id", "signature") VALUES (4, 1795094160123457, 21, X'DD9D958D863EECA4E5C38D24CE013E5B93A32B956FCADF81D9295A86C0FBBA37', '56475aa75463474c', X'586C6CD5F23CCFD792C348AE9CADB86781A37B0F86A8D850ECCA2BB64CBEFA72897375E94277292AE7A04FDD122F8CE0A4108AAE2FED1E16F0C470934A53A80C');
INSERT INTO signed_head ("number", "at_utc_us", "audit_number", "audit_chain", "key_id", "signature") VALUES (5, 1795083363123457, 25, X'0FBBBA84D97918A45F885261D628041E55C173D9A28A71808C69256009F08B74', '56475aa75463474c', X'369A088B8193606EB11E3C789E0AB9A11EF2D30E664937BFE5E97D6A62E6ECCBE78EFFB223AF6A02B0EDC62493284F069F8D87E16396B13BCED17D4663832C08');
INSERT INTO signed_head ("number", "at_utc_us", "audit_number", "audit_chain", "key_id", "signature") VALUES (6, 1795169760123457, 30, X'6672A124751664690A78D531E6EDA1DCAEAB5FBA4920749CBBB60A0F04C19CEF', '56475aa75463474c', X'9AA3F08D779F7A9DD39370D54EBF263C5FB856A7FA7D0A208A1D058880886438CFEAEB8E017FF2D913DE34AC2E8463FD27DDB881031DDC91C62BB493C674D80A');
INSERT INTO signed_head ("number", "at_utc_us", "audit_number", "audit_chain", "key_id", "signature") VALUES (7, 1795338000000000, 33, X'7946FEF078FAD098A658DA38C51256DA79C3BB491B9EDE365326F4CC5E2EB523', '56475aa75463474c', X'104DE19BAF1506B8E6AD38DD535FC93A04E20C700B87AE2E54A9BCB847FE393565447EE31CF31CB8775D0B7C1F90DBD3BC49BAD01CE4B14B78D73F59CE742A0A');
INSERT INTO erasure ("session_id", "audit_number") VALUES ('gone', 26);
INSERT INTO person ("id", "sign_in_key", "sign_in_name", "name", "role", "password_hash", "is_disabled", "must_change_password", "added_utc_us") VALUES ('u-1', 'anna weber', 'Anna Weber', 'Dr. Anna "W" O''Weber', 'physician', '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA', 0, 1, 1795083360000000);
INSERT INTO person ("id", "sign_in_key", "sign_in_name", "name", "role", "password_hash", "is_disabled", "must_change_password", "added_utc_us") VALUES ('u-2', 'böß', 'Böß', 'Böß', 'administrator', '$argon2id$x', 1, 0, 1795083360000001);
INSERT INTO sign_in_attempt ("who", "failures", "last_utc_us") VALUES ('unknown-0f', 3, 1795083361000000);
INSERT INTO identification ("session_id", "seq", "t_s", "utc_us", "patient_id", "course_id", "patient", "reason", "by", "by_id", "link", "chain") VALUES ('signed', 3, 3.0, 1795083363123457, '8a83785c44a04e80b1a3e77453312c83', '37901d16d9494f39a6b5fc8aa97a8f16', 'Weber, Anna · born 1970-01-02', 'found', 'Ben', 'u-2', 2, X'BFAD0164F4B58C1B1F1AAA09F28BB61A8D8D33E9D0F019DEFF38ED01266D87EC');
INSERT INTO event ("session_id", "seq", "t_s", "utc_us", "code", "text", "at_s", "by", "by_id", "link", "chain") VALUES ('signed', 6, 3.5, 1795083363623457, 'nausea', 'mild', 2.0, 'Ben (nurse)', 'u-2', 4, X'25325B4DFB888AFD77290E3D611B8140942DD138CCC569A8CA25CD6A8A9CD798');
INSERT INTO dose ("session_id", "seq", "t_s", "utc_us", "drug", "route", "amount", "unit", "weight_kg", "lot", "waste", "witness", "at_s", "by", "by_id", "link", "chain") VALUES ('signed', 4, 3.5, 1795083363623457, 'Ketamine', 'IV', 35.0, 'mg', 70.5, 'L0t-7', 15.0, 'Carla', 2.5, 'Ben (nurse)', 'u-2', 3, X'7F60046C67B7C450107637D7C20D5C4C7ACAF512748E0281799ED667A789E826');
INSERT INTO scale ("session_id", "seq", "t_s", "utc_us", "name", "total", "detail", "at_s", "by", "by_id", "link", "chain") VALUES ('signed', 7, 3.5, 1795083363623457, 'MOAA/S', 4.0, '{"voice": 1.0}', 3.0, 'Ben (nurse)', 'u-2', 5, X'27C80B099E0462148AB8AFAFBAE6559C955949F5E3DCD1B115BD668E8E39D9A0');
INSERT INTO note ("session_id", "seq", "t_s", "utc_us", "text", "by", "by_id", "link", "chain") VALUES ('signed', 12, 10800.0, 1795094160123457, 'after
the end', 'Dr. Anna "W" O''Weber (physician)', 'u-1', 10, X'6BA3634A1BA514D9C4965D3AF74998834304E97440E9026373EF627636B3B0F3');
INSERT INTO note ("session_id", "seq", "t_s", "utc_us", "text", "by", "by_id", "link", "chain") VALUES ('signed', 8, 3.5, 1795083363623457, 'it''s "fine"; <b>=1+1</b>
now', 'Ben (nurse)', 'u-2', 6, X'DFC4C226B0CAF21671EAC8DC857013E2717F2D1B8657F8DBA272E1D57320A457');
INSERT INTO limit_change ("session_id", "seq", "t_s", "utc_us", "rule", "field", "old", "new", "reason", "by", "by_id", "link", "chain") VALUES ('signed', 9, 3.5, 1795083363623457, 'BP-H2', 'systolic', '180', '190.5', 'as agreed', 'Ben (nurse)', 'u-2', 7, X'0ABCDC005669787976CC894889EA3F7EFC4E3D3C5C0CFCFC2F8987BF1FC9B82A');
INSERT INTO amendment ("session_id", "seq", "t_s", "utc_us", "target_table", "target_seq", "field", "old", "new", "reason", "by", "by_id", "link", "chain") VALUES ('signed', 10, 3.5, 1795083363623457, 'dose', 4, 'amount', '35.0', '30.0', 'misread', 'Ben (nurse)', 'u-2', 8, X'C4F128C60FAB9B87D1947A1472A4CC51670C7A61D6DADFEF6DA4467155FA615D');
INSERT INTO amendment ("session_id", "seq", "t_s", "utc_us", "target_table", "target_seq", "field", "old", "new", "reason", "by", "by_id", "link", "chain") VALUES ('signed', 14, 10800.0, 1795094160123457, 'session', 1, 'addendum', 'null', '"escort: \"Ben\""', 'forgotten', 'Dr. Anna "W" O''Weber (physician)', 'u-1', 12, X'2D1A0BD7354118880FAE1B3CEA56C3F6007D6D6F196521CA614AA11692129711');
INSERT INTO signature ("session_id", "seq", "t_s", "utc_us", "meaning", "comment", "covers_link", "covers_chain", "by", "by_id", "link", "chain") VALUES ('signed', 13, 10800.0, 1795094160123457, 'review', 'seen', 10, '6ba3634a1ba514d9c4965d3af74998834304e97440e9026373ef627636b3b0f3', 'Dr. Anna "W" O''Weber (physician)', 'u-1', 11, X'9ABE0C13E8DBD75C3B7B38903A1B8530137A413451BB13D1B5BA5C8A1CDF0296');
INSERT INTO patient ("id", "added_utc_us") VALUES ('8a83785c44a04e80b1a3e77453312c83', 1795094160123457);
INSERT INTO patient_version ("patient_id", "version", "family_name", "given_name", "date_of_birth", "clinic_number", "sex", "note", "family_key", "given_key", "number_key", "at_utc_us", "by", "by_id", "salt") VALUES ('8a83785c44a04e80b1a3e77453312c83', 1, 'O''Hara; "x" <b>=1+1</b>', 'Žofia 💊', '1970-01-02', '47 11', 'female', 'two
lines', 'o hara x b 1 1 b', 'zofia', '4711', 1795094160123457, 'Dr. Anna "W" O''Weber (physician)', 'u-1', X'41806DF38405E406364AF1BB4A23CE85');
INSERT INTO patient_version ("patient_id", "version", "family_name", "given_name", "date_of_birth", "clinic_number", "sex", "note", "family_key", "given_key", "number_key", "at_utc_us", "by", "by_id", "salt") VALUES ('8a83785c44a04e80b1a3e77453312c83', 2, 'Łoś', 'Žofia 💊', NULL, '47 11', 'female', 'two
lines', 'los', 'zofia', '4711', 1795094160123457, 'Dr. Anna "W" O''Weber (physician)', 'u-1', X'E7DF527EDAC96CDC3DE48C47A445821C');
INSERT INTO course ("id", "version", "patient_id", "started", "title", "planned_sessions", "at_utc_us", "by", "by_id", "salt") VALUES ('37901d16d9494f39a6b5fc8aa97a8f16', 1, '8a83785c44a04e80b1a3e77453312c83', '2026-11-19', 'Six infusions', 6, 1795094160123457, 'Dr. Anna "W" O''Weber (physician)', 'u-1', X'FA804A4B8594E01CEE421DD116BFEF36');
INSERT INTO course ("id", "version", "patient_id", "started", "title", "planned_sessions", "at_utc_us", "by", "by_id", "salt") VALUES ('37901d16d9494f39a6b5fc8aa97a8f16', 2, '8a83785c44a04e80b1a3e77453312c83', '2026-11-19', 'Six infusions', NULL, 1795094160123457, 'Dr. Anna "W" O''Weber (physician)', 'u-1', X'0A0776D3CF1DA33AEDB305EB27C1BB02');
INSERT INTO patient_erasure ("patient_id", "audit_number") VALUES ('eef189a85bb245a3930be1603254725e', 27);
INSERT INTO session_tip ("session_id", "links", "last_seq", "anchored", "chain", "phase", "last_t_s", "readings", "pressures", "alarms", "patient_id", "course_id", "patient", "identified_seq", "signed_link") VALUES ('5e55101', 10, 11, 10, X'5DC019ABA55FA989A96F06198280693FA25D06557A64AE4BB5BE162BD4C5B910', 'ended', 9.5, 2, 1, 2, NULL, NULL, NULL, 0, 0);
INSERT INTO session_tip ("session_id", "links", "last_seq", "anchored", "chain", "phase", "last_t_s", "readings", "pressures", "alarms", "patient_id", "course_id", "patient", "identified_seq", "signed_link") VALUES ('5e55202', 5, 9, 5, X'51E0D506F14E13C2677C7F38C21C8BC44D82A25986FDD9B7CD88EE63885D736B', 'infusion', 71.0, 2, 1, 0, NULL, NULL, NULL, 0, 0);
INSERT INTO session_tip ("session_id", "links", "last_seq", "anchored", "chain", "phase", "last_t_s", "readings", "pressures", "alarms", "patient_id", "course_id", "patient", "identified_seq", "signed_link") VALUES ('empty', 0, 1, 0, X'B23445A0DB044C2FD889D13173EE4A3F42F074F777745E230A15796D97DE1B0C', 'preparation', 0.0, 0, 0, 0, NULL, NULL, NULL, 0, 0);
INSERT INTO session_tip ("session_id", "links", "last_seq", "anchored", "chain", "phase", "last_t_s", "readings", "pressures", "alarms", "patient_id", "course_id", "patient", "identified_seq", "signed_link") VALUES ('signed', 12, 14, 12, X'2D1A0BD7354118880FAE1B3CEA56C3F6007D6D6F196521CA614AA11692129711', 'ended', 60.0, 0, 0, 0, '8a83785c44a04e80b1a3e77453312c83', '37901d16d9494f39a6b5fc8aa97a8f16', 'Weber, Anna · born 1970-01-02', 3, 11);
INSERT INTO alarm_profile ("number", "name", "version", "text", "approved_by", "by_id", "at_utc_us", "reason") VALUES (1, 'Ketamine IV', 2, '# What the site decided; all else is as shipped.
based_on = "ketamine_iv_v1"
name = "Ketamine IV"
version = 2
for_whom = "Adults with an infusion of ketamine at this site"
', 'Dr. Weber (physician)', 'u-1', 1795338000000000, 'agreed by the board');
CREATE TRIGGER session_unchanged BEFORE UPDATE ON session BEGIN SELECT RAISE(ABORT, 'session rows are never changed'); END;
CREATE TRIGGER reading_unchanged BEFORE UPDATE ON reading BEGIN SELECT RAISE(ABORT, 'reading rows are never changed'); END;
CREATE TRIGGER blood_pressure_unchanged BEFORE UPDATE ON blood_pressure BEGIN SELECT RAISE(ABORT, 'blood_pressure rows are never changed'); END;
CREATE TRIGGER alarm_transition_unchanged BEFORE UPDATE ON alarm_transition BEGIN SELECT RAISE(ABORT, 'alarm_transition rows are never changed'); END;
CREATE TRIGGER happening_unchanged BEFORE UPDATE ON happening BEGIN SELECT RAISE(ABORT, 'happening rows are never changed'); END;
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER signed_head_unchanged BEFORE UPDATE ON signed_head BEGIN SELECT RAISE(ABORT, 'signed_head rows are never changed'); END;
CREATE TRIGGER erasure_unchanged BEFORE UPDATE ON erasure BEGIN SELECT RAISE(ABORT, 'erasure rows are never changed'); END;
CREATE TRIGGER session_kept BEFORE DELETE ON session WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'session rows are never deleted'); END;
CREATE TRIGGER reading_kept BEFORE DELETE ON reading WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id) BEGIN SELECT RAISE(ABORT, 'reading rows are never deleted'); END;
CREATE TRIGGER blood_pressure_kept BEFORE DELETE ON blood_pressure WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id) BEGIN SELECT RAISE(ABORT, 'blood_pressure rows are never deleted'); END;
CREATE TRIGGER alarm_transition_kept BEFORE DELETE ON alarm_transition WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id) BEGIN SELECT RAISE(ABORT, 'alarm_transition rows are never deleted'); END;
CREATE TRIGGER happening_kept BEFORE DELETE ON happening WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id) BEGIN SELECT RAISE(ABORT, 'happening rows are never deleted'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;
CREATE TRIGGER signed_head_kept BEFORE DELETE ON signed_head BEGIN SELECT RAISE(ABORT, 'signed_head rows are never deleted'); END;
CREATE TRIGGER erasure_kept BEFORE DELETE ON erasure BEGIN SELECT RAISE(ABORT, 'erasure rows are never deleted'); END;
CREATE TRIGGER audit_appended BEFORE INSERT ON audit WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM audit) BEGIN SELECT RAISE(ABORT, 'audit rows are only added at the end'); END;
CREATE TRIGGER signed_head_appended BEFORE INSERT ON signed_head WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM signed_head) BEGIN SELECT RAISE(ABORT, 'signed_head rows are only added at the end'); END;
CREATE TRIGGER session_not_again BEFORE INSERT ON session WHEN EXISTS (SELECT 1 FROM erasure WHERE session_id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the session was erased'); END;
CREATE TRIGGER erasure_logged BEFORE INSERT ON erasure WHEN NOT EXISTS (SELECT 1 FROM audit WHERE number = NEW.audit_number AND action = 'session.erased' AND subject = NEW.session_id) BEGIN SELECT RAISE(ABORT, 'an erasure needs its audit row'); END;
CREATE INDEX ix_patient_version_date_of_birth ON patient_version (date_of_birth);
CREATE INDEX ix_patient_version_number_key ON patient_version (number_key);
CREATE INDEX ix_course_patient_id ON course (patient_id);
CREATE INDEX ix_session_tip_patient_id ON session_tip (patient_id);
CREATE INDEX ix_session_list ON session (opened_utc_us, id, chair, patient, driver, is_simulated);
CREATE TRIGGER identification_unchanged BEFORE UPDATE ON identification BEGIN SELECT RAISE(ABORT, 'identification rows are never changed'); END;
CREATE TRIGGER identification_kept BEFORE DELETE ON identification WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id) BEGIN SELECT RAISE(ABORT, 'identification rows are never deleted'); END;
CREATE TRIGGER event_unchanged BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event rows are never changed'); END;
CREATE TRIGGER event_kept BEFORE DELETE ON event WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id) BEGIN SELECT RAISE(ABORT, 'event rows are never deleted'); END;
CREATE TRIGGER dose_unchanged BEFORE UPDATE ON dose BEGIN SELECT RAISE(ABORT, 'dose rows are never changed'); END;
CREATE TRIGGER dose_kept BEFORE DELETE ON dose WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id) BEGIN SELECT RAISE(ABORT, 'dose rows are never deleted'); END;
CREATE TRIGGER scale_unchanged BEFORE UPDATE ON scale BEGIN SELECT RAISE(ABORT, 'scale rows are never changed'); END;
CREATE TRIGGER scale_kept BEFORE DELETE ON scale WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id) BEGIN SELECT RAISE(ABORT, 'scale rows are never deleted'); END;
CREATE TRIGGER note_unchanged BEFORE UPDATE ON note BEGIN SELECT RAISE(ABORT, 'note rows are never changed'); END;
CREATE TRIGGER note_kept BEFORE DELETE ON note WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id) BEGIN SELECT RAISE(ABORT, 'note rows are never deleted'); END;
CREATE TRIGGER limit_change_unchanged BEFORE UPDATE ON limit_change BEGIN SELECT RAISE(ABORT, 'limit_change rows are never changed'); END;
CREATE TRIGGER limit_change_kept BEFORE DELETE ON limit_change WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id) BEGIN SELECT RAISE(ABORT, 'limit_change rows are never deleted'); END;
CREATE TRIGGER amendment_unchanged BEFORE UPDATE ON amendment BEGIN SELECT RAISE(ABORT, 'amendment rows are never changed'); END;
CREATE TRIGGER amendment_kept BEFORE DELETE ON amendment WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id) BEGIN SELECT RAISE(ABORT, 'amendment rows are never deleted'); END;
CREATE TRIGGER signature_unchanged BEFORE UPDATE ON signature BEGIN SELECT RAISE(ABORT, 'signature rows are never changed'); END;
CREATE TRIGGER signature_kept BEFORE DELETE ON signature WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id) BEGIN SELECT RAISE(ABORT, 'signature rows are never deleted'); END;
CREATE TRIGGER reading_signed BEFORE INSERT ON reading WHEN EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.session_id) BEGIN SELECT RAISE(ABORT, 'the session is signed: amend it'); END;
CREATE TRIGGER blood_pressure_signed BEFORE INSERT ON blood_pressure WHEN EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.session_id) BEGIN SELECT RAISE(ABORT, 'the session is signed: amend it'); END;
CREATE TRIGGER alarm_transition_signed BEFORE INSERT ON alarm_transition WHEN EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.session_id) BEGIN SELECT RAISE(ABORT, 'the session is signed: amend it'); END;
CREATE TRIGGER happening_signed BEFORE INSERT ON happening WHEN EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.session_id) BEGIN SELECT RAISE(ABORT, 'the session is signed: amend it'); END;
CREATE TRIGGER identification_signed BEFORE INSERT ON identification WHEN EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.session_id) BEGIN SELECT RAISE(ABORT, 'the session is signed: amend it'); END;
CREATE TRIGGER event_signed BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.session_id) BEGIN SELECT RAISE(ABORT, 'the session is signed: amend it'); END;
CREATE TRIGGER dose_signed BEFORE INSERT ON dose WHEN EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.session_id) BEGIN SELECT RAISE(ABORT, 'the session is signed: amend it'); END;
CREATE TRIGGER scale_signed BEFORE INSERT ON scale WHEN EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.session_id) BEGIN SELECT RAISE(ABORT, 'the session is signed: amend it'); END;
CREATE TRIGGER note_signed BEFORE INSERT ON note WHEN EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.session_id) BEGIN SELECT RAISE(ABORT, 'the session is signed: amend it'); END;
CREATE TRIGGER limit_change_signed BEFORE INSERT ON limit_change WHEN EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.session_id) BEGIN SELECT RAISE(ABORT, 'the session is signed: amend it'); END;
CREATE TRIGGER signature_after_end BEFORE INSERT ON signature WHEN NOT EXISTS (SELECT 1 FROM happening WHERE session_id = NEW.session_id AND kind = 'phase' AND json_extract(detail, '$.phase') = 'ended') BEGIN SELECT RAISE(ABORT, 'only a session that has ended is signed'); END;
CREATE TRIGGER patient_unchanged BEFORE UPDATE ON patient BEGIN SELECT RAISE(ABORT, 'patient rows are never changed'); END;
CREATE TRIGGER patient_kept BEFORE DELETE ON patient WHEN NOT EXISTS (SELECT 1 FROM patient_erasure WHERE patient_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'patient rows are never deleted'); END;
CREATE TRIGGER patient_version_unchanged BEFORE UPDATE ON patient_version BEGIN SELECT RAISE(ABORT, 'patient_version rows are never changed'); END;
CREATE TRIGGER patient_version_kept BEFORE DELETE ON patient_version WHEN NOT EXISTS (SELECT 1 FROM patient_erasure WHERE patient_id = OLD.patient_id) BEGIN SELECT RAISE(ABORT, 'patient_version rows are never deleted'); END;
CREATE TRIGGER course_unchanged BEFORE UPDATE ON course BEGIN SELECT RAISE(ABORT, 'course rows are never changed'); END;
CREATE TRIGGER course_kept BEFORE DELETE ON course WHEN NOT EXISTS (SELECT 1 FROM patient_erasure WHERE patient_id = OLD.patient_id) BEGIN SELECT RAISE(ABORT, 'course rows are never deleted'); END;
CREATE TRIGGER patient_erasure_unchanged BEFORE UPDATE ON patient_erasure BEGIN SELECT RAISE(ABORT, 'patient_erasure rows are never changed'); END;
CREATE TRIGGER patient_erasure_kept BEFORE DELETE ON patient_erasure BEGIN SELECT RAISE(ABORT, 'patient_erasure rows are never deleted'); END;
CREATE TRIGGER patient_version_appended BEFORE INSERT ON patient_version WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM patient_version WHERE patient_id = NEW.patient_id) BEGIN SELECT RAISE(ABORT, 'patient_version rows are only added at the end'); END;
CREATE TRIGGER course_appended BEFORE INSERT ON course WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM course WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'course rows are only added at the end'); END;
CREATE TRIGGER patient_not_again BEFORE INSERT ON patient WHEN EXISTS (SELECT 1 FROM patient_erasure WHERE patient_id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the patient was erased'); END;
CREATE TRIGGER patient_erasure_logged BEFORE INSERT ON patient_erasure WHEN NOT EXISTS (SELECT 1 FROM audit WHERE number = NEW.audit_number AND action = 'patient.erased' AND subject = NEW.patient_id) BEGIN SELECT RAISE(ABORT, 'an erasure needs its audit row'); END;
CREATE TRIGGER session_once BEFORE INSERT ON session WHEN EXISTS (SELECT 1 FROM session WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'session rows are never replaced'); END;
CREATE TRIGGER patient_once BEFORE INSERT ON patient WHEN EXISTS (SELECT 1 FROM patient WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'patient rows are never replaced'); END;
CREATE TRIGGER reading_once BEFORE INSERT ON reading WHEN EXISTS (SELECT 1 FROM reading WHERE session_id = NEW.session_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'reading rows are never replaced'); END;
CREATE TRIGGER blood_pressure_once BEFORE INSERT ON blood_pressure WHEN EXISTS (SELECT 1 FROM blood_pressure WHERE session_id = NEW.session_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'blood_pressure rows are never replaced'); END;
CREATE TRIGGER alarm_transition_once BEFORE INSERT ON alarm_transition WHEN EXISTS (SELECT 1 FROM alarm_transition WHERE session_id = NEW.session_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'alarm_transition rows are never replaced'); END;
CREATE TRIGGER happening_once BEFORE INSERT ON happening WHEN EXISTS (SELECT 1 FROM happening WHERE session_id = NEW.session_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'happening rows are never replaced'); END;
CREATE TRIGGER identification_once BEFORE INSERT ON identification WHEN EXISTS (SELECT 1 FROM identification WHERE session_id = NEW.session_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'identification rows are never replaced'); END;
CREATE TRIGGER event_once BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE session_id = NEW.session_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'event rows are never replaced'); END;
CREATE TRIGGER dose_once BEFORE INSERT ON dose WHEN EXISTS (SELECT 1 FROM dose WHERE session_id = NEW.session_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'dose rows are never replaced'); END;
CREATE TRIGGER scale_once BEFORE INSERT ON scale WHEN EXISTS (SELECT 1 FROM scale WHERE session_id = NEW.session_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'scale rows are never replaced'); END;
CREATE TRIGGER note_once BEFORE INSERT ON note WHEN EXISTS (SELECT 1 FROM note WHERE session_id = NEW.session_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'note rows are never replaced'); END;
CREATE TRIGGER limit_change_once BEFORE INSERT ON limit_change WHEN EXISTS (SELECT 1 FROM limit_change WHERE session_id = NEW.session_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'limit_change rows are never replaced'); END;
CREATE TRIGGER amendment_once BEFORE INSERT ON amendment WHEN EXISTS (SELECT 1 FROM amendment WHERE session_id = NEW.session_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'amendment rows are never replaced'); END;
CREATE TRIGGER signature_once BEFORE INSERT ON signature WHEN EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.session_id AND seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'signature rows are never replaced'); END;
CREATE TRIGGER erasure_once BEFORE INSERT ON erasure WHEN EXISTS (SELECT 1 FROM erasure WHERE session_id = NEW.session_id) BEGIN SELECT RAISE(ABORT, 'erasure rows are never replaced'); END;
CREATE TRIGGER patient_erasure_once BEFORE INSERT ON patient_erasure WHEN EXISTS (SELECT 1 FROM patient_erasure WHERE patient_id = NEW.patient_id) BEGIN SELECT RAISE(ABORT, 'patient_erasure rows are never replaced'); END;
CREATE TRIGGER session_signed BEFORE INSERT ON session WHEN EXISTS (SELECT 1 FROM signature WHERE session_id = NEW.id) BEGIN SELECT RAISE(ABORT, 'the session is signed: amend it'); END;
CREATE TRIGGER session_tip_kept BEFORE DELETE ON session_tip WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE session_id = OLD.session_id) BEGIN SELECT RAISE(ABORT, 'session_tip rows are never deleted'); END;
CREATE TRIGGER person_kept BEFORE DELETE ON person BEGIN SELECT RAISE(ABORT, 'accounts are never deleted'); END;
CREATE TRIGGER person_unchanged BEFORE UPDATE ON person WHEN NEW.id IS NOT OLD.id OR NEW.sign_in_key IS NOT OLD.sign_in_key OR NEW.sign_in_name IS NOT OLD.sign_in_name OR NEW.name IS NOT OLD.name OR NEW.role IS NOT OLD.role OR NEW.added_utc_us IS NOT OLD.added_utc_us OR NEW.is_disabled < OLD.is_disabled BEGIN SELECT RAISE(ABORT, 'of an account only the password changes, and whether it is closed'); END;
CREATE TRIGGER person_once BEFORE INSERT ON person WHEN EXISTS (SELECT 1 FROM person WHERE id = NEW.id OR sign_in_key = NEW.sign_in_key) BEGIN SELECT RAISE(ABORT, 'accounts are never replaced'); END;
CREATE TRIGGER alarm_profile_unchanged BEFORE UPDATE ON alarm_profile BEGIN SELECT RAISE(ABORT, 'alarm_profile rows are never changed'); END;
CREATE TRIGGER alarm_profile_kept BEFORE DELETE ON alarm_profile BEGIN SELECT RAISE(ABORT, 'alarm_profile rows are never deleted'); END;
CREATE TRIGGER alarm_profile_appended BEFORE INSERT ON alarm_profile WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM alarm_profile) BEGIN SELECT RAISE(ABORT, 'alarm_profile rows are only added at the end'); END;
CREATE TRIGGER alarm_profile_rising BEFORE INSERT ON alarm_profile WHEN EXISTS (SELECT 1 FROM alarm_profile WHERE name = NEW.name AND version >= NEW.version) BEGIN SELECT RAISE(ABORT, 'a version of an alarm profile is higher than those before it'); END;
