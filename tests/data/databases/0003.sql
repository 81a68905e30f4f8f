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
CREATE TABLE session_tip (
	session_id TEXT NOT NULL, 
	links INTEGER NOT NULL, 
	last_seq INTEGER NOT NULL, 
	anchored INTEGER NOT NULL, 
	chain BLOB NOT NULL, 
	CONSTRAINT pk_session_tip PRIMARY KEY (session_id), 
	CONSTRAINT fk_session_tip_session FOREIGN KEY(session_id) REFERENCES session (id)
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
INSERT INTO alembic_version ("version_num") VALUES ('0003');
INSERT INTO session ("id", "seq", "t_s", "opened_utc_us", "chair", "patient", "driver", "port", "is_simulated", "planned_infusion_s", "cuff_interval_s", "time_zone", "utc_offset_s", "app_version", "profile", "chain") VALUES ('5e55101', 1, 0.0, 1795083360123457, 'Chair 1', 'Žofia O''Hara; "x" <b>=1+1</b>
2 💊', 'ge_s5', '/dev/ttyUSB0', 1, 2400.0, 300.0, 'CET', 3600, '0.1.0', '{"name": "Ketamine IV", "rule": [{"id": "BP-H2"}]}', X'D17D2D10F4CFEC82420A2B0C878B82E625182E8B511FEB188872EFD9C9874389');
INSERT INTO session ("id", "seq", "t_s", "opened_utc_us", "chair", "patient", "driver", "port", "is_simulated", "planned_infusion_s", "cuff_interval_s", "time_zone", "utc_offset_s", "app_version", "profile", "chain") VALUES ('5e55202', 1, 0.0, 1795083360123457, 'Chair 2', 'Demo patient', 'ge_s5', '/dev/ttyUSB0', 1, 2400.0, 300.0, 'CET', 3600, '0.1.0', '{"name": "Ketamine IV", "rule": [{"id": "BP-H2"}]}', X'BE72CEECD9C869D1F68FA1968EA8CFEA11819B20FD4879CFD7671648FF3C9733');
INSERT INTO session ("id", "seq", "t_s", "opened_utc_us", "chair", "patient", "driver", "port", "is_simulated", "planned_infusion_s", "cuff_interval_s", "time_zone", "utc_offset_s", "app_version", "profile", "chain") VALUES ('empty', 1, 0.0, 1795083360123457, 'Chair 3', 'Demo patient', 'ge_s5', '/dev/ttyUSB0', 1, 2400.0, 300.0, 'CET', 3600, '0.1.0', '{"name": "Ketamine IV", "rule": [{"id": "BP-H2"}]}', X'B23445A0DB044C2FD889D13173EE4A3F42F074F777745E230A15796D97DE1B0C');
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
INSERT INTO session_tip ("session_id", "links", "last_seq", "anchored", "chain") VALUES ('5e55101', 10, 11, 10, X'5DC019ABA55FA989A96F06198280693FA25D06557A64AE4BB5BE162BD4C5B910');
INSERT INTO session_tip ("session_id", "links", "last_seq", "anchored", "chain") VALUES ('5e55202', 5, 9, 5, X'51E0D506F14E13C2677C7F38C21C8BC44D82A25986FDD9B7CD88EE63885D736B');
INSERT INTO session_tip ("session_id", "links", "last_seq", "anchored", "chain") VALUES ('empty', 0, 1, 0, X'B23445A0DB044C2FD889D13173EE4A3F42F074F777745E230A15796D97DE1B0C');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (1, 1795083360123457, 'vigil', 'station.started', '', '{"process":7}', X'72526CB1C686CD067E9EAE191036A807B0488FB145BBA12E0865B9763B4A3AFC');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (10, 1795169760123457, 'vigil', 'session.anchored', '5e55202', '{"chain":"51e0d506f14e13c2677c7f38c21c8bc44d82a25986fdd9b7cd88ee63885d736b","links":5}', X'59B20948E48E9189D7435385F197CE7302483BDBE1B77883C2AD8A84131310A5');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (11, 1795169760123457, 'vigil', 'station.stopped', '', '{"process":7}', X'E9A1461553BA2D72FC51436FA9B9F22A1EB1302938DB99DFF9FADC2075C2AD3E');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (2, 1795083360123457, 'vigil', 'session.opened', '5e55101', '{"chain":"d17d2d10f4cfec82420a2b0c878b82e625182e8b511feb188872efd9c9874389","links":0}', X'0723BE79F4E6DB058ACE42D0770808348938B042099F614667EB774DBE56931B');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (3, 1795083369623457, 'vigil', 'session.ended', '5e55101', '{"chain":"5dc019aba55fa989a96f06198280693fa25d06557a64ae4bb5be162bd4c5b910","links":10}', X'954793EAE4DBA331830EA86B000F7B8A6C6AF6ED6AE26DFEEF43F72DC2F17778');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (4, 1795083360123457, 'vigil', 'session.opened', '5e55202', '{"chain":"be72ceecd9c869d1f68fa1968ea8cfea11819b20fd4879cfd7671648ff3c9733","links":0}', X'EFC78314A68A83EB683BD7C8F0390283F4A171FD2D8A83116D6CB84860971DF0');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (5, 1795083360123457, 'vigil', 'session.opened', 'empty', '{"chain":"b23445a0db044c2fd889d13173ee4a3f42f074f777745e230a15796d97de1b0c","links":0}', X'AF006C852BBE5E0BAB9A2DD5F94FD6BA7CEEEA9B295C235FBC5764F207581DAC');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (6, 1795083360123457, 'vigil', 'session.opened', 'gone', '{"chain":"61c4e852d0c350371d6cd8a2dd7c3d260e2ea5efde05eebc87dae17cbba78dd4","links":0}', X'B60A14DBB8ED790E3C23C6DEE308DF64AD367B78ACB8E5C453B4EDE145EF7E1E');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (7, 1795083363123457, 'vigil', 'session.ended', 'gone', '{"chain":"4bfe678ecba1ea1c92cac4e4d01a7f9050f29cdd9b660fd85dc0c2a0c2e5832f","links":2}', X'E62D72911811E1D5084335CC86BB36EE8446772620227ED4AFCB3A0BE1513782');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (8, 1795083370000000, 'u-1', 'session.erased', 'gone', '{"reason":"the 10 years are over"}', X'8B1ACDD53A625136324021575038A057C2021CED51503EED0A875FE324EB6CC5');
INSERT INTO audit ("number", "at_utc_us", "actor", "action", "subject", "detail", "chain") VALUES (9, 1795083360123457, 'u-1', 'session.exported', '5e55101', '{"to":"csv"}', X'3615F0D094587830E573A78224E543B03878C06FB408522D4BA08895089FA7EF');
INSERT INTO signed_head ("number", "at_utc_us", "audit_number", "audit_chain", "key_id", "signature") VALUES (1, 1795083360123457, 1, X'72526CB1C686CD067E9EAE191036A807B0488FB145BBA12E0865B9763B4A3AFC', '56475aa75463474c', X'52D1A33404656AEAC2412F367483A18D8FD61CA7EEF9EFFDDB51FB937D6AD5B48E5D24C9D54EC110C33452C536125F0E55FFF25B297C36FB5F2EFB711977460A');
INSERT INTO signed_head ("number", "at_utc_us", "audit_number", "audit_chain", "key_id", "signature") VALUES (2, 1795083369623457, 3, X'954793EAE4DBA331830EA86B000F7B8A6C6AF6ED6AE26DFEEF43F72DC2F17778', '56475aa75463474c', X'54C33D5E3F0615F65E94F4BD46DC16447E0D65A87923154D16673D62F04ABF348E5726FBAE12582EC848593E4F130DA2CB5DE4043BC41CE76131AFCB610DE60B');
INSERT INTO signed_head ("number", "at_utc_us", "audit_number", "audit_chain", "key_id", "signature") VALUES (3, 1795083363123457, 7, X'E62D72911811E1D5084335CC86BB36EE8446772620227ED4AFCB3A0BE1513782', '56475aa75463474c', X'9671DC665C7325E53FD328068D5CBB9898BDB5DA5B035D282F2D109808F814B0656CF31F95BD48566DA35DC73995FFDDC6D67A2CAC777326013AB1D53F853A0E');
INSERT INTO signed_head ("number", "at_utc_us", "audit_number", "audit_chain", "key_id", "signature") VALUES (4, 1795169760123457, 11, X'E9A1461553BA2D72FC51436FA9B9F22A1EB1302938DB99DFF9FADC2075C2AD3E', '56475aa75463474c', X'04A86E478315D6316817D50C309A49BEBC219D9AD2427A04DF359F36E07DD9E5651E173DBBCC575A526CC9C5B7D443CA04A4637D6D08D69D8EAECE28880E2A03');
INSERT INTO erasure ("session_id", "audit_number") VALUES ('gone', 8);
INSERT INTO person ("id", "sign_in_key", "sign_in_name", "name", "role", "password_hash", "is_disabled", "must_change_password", "added_utc_us") VALUES ('u-1', 'anna weber', 'Anna Weber', 'Dr. Anna "W" O''Weber', 'physician', '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA', 0, 1, 1795083360000000);
INSERT INTO person ("id", "sign_in_key", "sign_in_name", "name", "role", "password_hash", "is_disabled", "must_change_password", "added_utc_us") VALUES ('u-2', 'böß', 'Böß', 'Böß', 'administrator', '$argon2id$x', 1, 0, 1795083360000001);
INSERT INTO sign_in_attempt ("who", "failures", "last_utc_us") VALUES ('unknown-0f', 3, 1795083361000000);
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
