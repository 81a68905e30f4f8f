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
	CONSTRAINT pk_reading PRIMARY KEY (session_id, seq), 
	CONSTRAINT fk_reading_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_reading_seq CHECK (seq > 0)
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
	CONSTRAINT pk_blood_pressure PRIMARY KEY (session_id, seq), 
	CONSTRAINT ck_blood_pressure_is_stale CHECK (is_stale IN (0, 1)), 
	CONSTRAINT fk_blood_pressure_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_blood_pressure_seq CHECK (seq > 0)
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
	CONSTRAINT pk_alarm_transition PRIMARY KEY (session_id, seq), 
	CONSTRAINT ck_alarm_transition_priority CHECK (priority IN ('low', 'medium', 'high')), 
	CONSTRAINT fk_alarm_transition_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_alarm_transition_seq CHECK (seq > 0)
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
	CONSTRAINT pk_happening PRIMARY KEY (session_id, seq), 
	CONSTRAINT fk_happening_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT ck_happening_seq CHECK (seq > 0)
)
 WITHOUT ROWID

;
INSERT INTO alembic_version ("version_num") VALUES ('0001');
INSERT INTO session ("id", "seq", "t_s", "opened_utc_us", "chair", "patient", "driver", "port", "is_simulated", "planned_infusion_s", "cuff_interval_s", "time_zone", "utc_offset_s", "app_version", "profile") VALUES ('5e55101', 1, 0.0, 1795083360123457, 'Chair 1', 'Žofia O''Hara; "x" <b>=1+1</b>
2 💊', 'ge_s5', '/dev/ttyUSB0', 1, 2400.0, 300.0, 'CET', 3600, '0.1.0', '{"name": "Ketamine IV", "rule": [{"id": "BP-H2"}]}');
INSERT INTO session ("id", "seq", "t_s", "opened_utc_us", "chair", "patient", "driver", "port", "is_simulated", "planned_infusion_s", "cuff_interval_s", "time_zone", "utc_offset_s", "app_version", "profile") VALUES ('5e55202', 1, 0.0, 1795083360123457, 'Chair 2', 'Demo patient', 'ge_s5', '/dev/ttyUSB0', 1, 2400.0, 300.0, 'CET', 3600, '0.1.0', '{"name": "Ketamine IV", "rule": [{"id": "BP-H2"}]}');
INSERT INTO session ("id", "seq", "t_s", "opened_utc_us", "chair", "patient", "driver", "port", "is_simulated", "planned_infusion_s", "cuff_interval_s", "time_zone", "utc_offset_s", "app_version", "profile") VALUES ('empty', 1, 0.0, 1795083360123457, 'Chair 3', 'Demo patient', 'ge_s5', '/dev/ttyUSB0', 1, 2400.0, 300.0, 'CET', 3600, '0.1.0', '{"name": "Ketamine IV", "rule": [{"id": "BP-H2"}]}');
INSERT INTO reading ("session_id", "seq", "t_s", "utc_us", "device", "vital", "value", "quality", "source") VALUES ('5e55101', 3, 1.0, 1795083361123457, 'ge_s5', 'pulse_rate', 72.0, 'ok', 'oximeter');
INSERT INTO reading ("session_id", "seq", "t_s", "utc_us", "device", "vital", "value", "quality", "source") VALUES ('5e55101', 7, 4.0, 1795083364123457, 'ge_s5', 'pulse_rate', NULL, 'sensor_off', 'oximeter');
INSERT INTO reading ("session_id", "seq", "t_s", "utc_us", "device", "vital", "value", "quality", "source") VALUES ('5e55202', 3, 1.25, 1795083361373457, 'ge_s5', 'pulse_rate', 0.0, 'ok', 'oximeter');
INSERT INTO reading ("session_id", "seq", "t_s", "utc_us", "device", "vital", "value", "quality", "source") VALUES ('5e55202', 4, 2.0, 1795083362123457, 'ge_s5', 'pulse_rate', 1.0e-300, 'ok', 'oximeter');
INSERT INTO blood_pressure ("session_id", "seq", "t_s", "utc_us", "device", "systolic", "diastolic", "mean", "pulse", "taken_utc_us", "is_stale", "quality") VALUES ('5e55101', 4, 2.0, 1795083362123457, 'ge_s5', 184.0, 101.0, 129.0, NULL, 1795083358123457, 0, 'ok');
INSERT INTO blood_pressure ("session_id", "seq", "t_s", "utc_us", "device", "systolic", "diastolic", "mean", "pulse", "taken_utc_us", "is_stale", "quality") VALUES ('5e55202', 8, 70.0, 1795083430123457, 'ge_s5', 121.0, 101.0, 129.0, NULL, 1795083426123457, 0, 'ok');
INSERT INTO alarm_transition ("session_id", "seq", "t_s", "utc_us", "rule", "priority", "old", "new", "value", "limit", "text", "by", "since_s", "until_s", "ended_s") VALUES ('5e55101', 5, 2.0, 1795083362123457, 'BP-H2', 'high', 'quiet', 'sounding', '{"systolic": 184.0}', '{"systolic": 180.0}', 'Blood pressure 184/101', '', 2.0, NULL, NULL);
INSERT INTO alarm_transition ("session_id", "seq", "t_s", "utc_us", "rule", "priority", "old", "new", "value", "limit", "text", "by", "since_s", "until_s", "ended_s") VALUES ('5e55101', 9, 6.5, 1795083366623457, 'BP-H2', 'high', 'quiet', 'sounding', '{"systolic": 184.0}', '{"systolic": 180.0}', 'Blood pressure 184/101', '', 6.5, NULL, NULL);
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail") VALUES ('5e55101', 10, 7.0, 1795083367123457, 'phase', '{"phase": "recovery"}');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail") VALUES ('5e55101', 11, 9.5, 1795083369623457, 'phase', '{"phase": "ended"}');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail") VALUES ('5e55101', 2, 0.0, 1795083360123457, 'phase', '{"phase": "baseline"}');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail") VALUES ('5e55101', 6, 3.0, 1795083363123457, 'phase', '{"phase": "infusion"}');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail") VALUES ('5e55101', 8, 5.0, 1795083365123457, 'notice', '{"code": "cuff_leak", "text": "it''s \"loose\" ''now''"}');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail") VALUES ('5e55202', 2, 0.0, 1795083360123457, 'phase', '{"phase": "baseline"}');
INSERT INTO happening ("session_id", "seq", "t_s", "utc_us", "kind", "detail") VALUES ('5e55202', 9, 71.0, 1795083431123457, 'phase', '{"phase": "infusion"}');
