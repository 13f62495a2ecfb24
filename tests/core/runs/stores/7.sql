CREATE TABLE class_events (
	code VARCHAR(6) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	event VARCHAR(100) NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (code, owner, event), 
	FOREIGN KEY(code, owner) REFERENCES class_members (code, owner) ON DELETE CASCADE
);
INSERT INTO "class_events" VALUES('PFZSVD','81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9','mistake lstm',1.79588743580256462e+09);
CREATE TABLE class_members (
	code VARCHAR(6) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	id VARCHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	name_key TEXT NOT NULL, 
	joined FLOAT NOT NULL, 
	active FLOAT NOT NULL, 
	hidden BOOLEAN NOT NULL, 
	PRIMARY KEY (code, owner), 
	UNIQUE (code, name_key), 
	FOREIGN KEY(code) REFERENCES classes (code) ON DELETE CASCADE, 
	UNIQUE (id)
);
INSERT INTO "class_members" VALUES('PFZSVD','81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9','d88473ae725e9bf7e6c7afbad235f05a','bob','bob',1.79588743531038951e+09,1.79588743531038951e+09,0);
INSERT INTO "class_members" VALUES('PFZSVD','b1331f460eb46539c16b982906590f7d772f069f6dfa20eba4cb861f3f1fb34a','bbdbc6acc35a141f366c0f7aef1b9059','cem','cem',1.79588743532231402e+09,1.79588743532231402e+09,0);
CREATE TABLE class_poll_answers (
	poll VARCHAR(32) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	option INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (poll, owner), 
	FOREIGN KEY(poll) REFERENCES class_polls (id) ON DELETE CASCADE
);
INSERT INTO "class_poll_answers" VALUES('0d61fdea7d444f655782ca525d61af89','81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9',1,1.79588743581379222e+09);
INSERT INTO "class_poll_answers" VALUES('0d61fdea7d444f655782ca525d61af89','b1331f460eb46539c16b982906590f7d772f069f6dfa20eba4cb861f3f1fb34a',2,1.79588743581571769e+09);
CREATE TABLE class_polls (
	id VARCHAR(32) NOT NULL, 
	code VARCHAR(6) NOT NULL, 
	question VARCHAR(64) NOT NULL, 
	options INTEGER NOT NULL, 
	opened FLOAT NOT NULL, 
	revealed FLOAT, 
	closed FLOAT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(code) REFERENCES classes (code) ON DELETE CASCADE
);
INSERT INTO "class_polls" VALUES('0d61fdea7d444f655782ca525d61af89','PFZSVD','lstm Backward',3,1.79588743580300641e+09,NULL,NULL);
CREATE TABLE class_requests (
	id VARCHAR(32) NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	address VARCHAR(64), 
	at FLOAT, 
	PRIMARY KEY (id)
);
INSERT INTO "class_requests" VALUES('fee834caed4790d20b78f8dccca69bb0','start','49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1',NULL,1.79588743529713153e+09);
INSERT INTO "class_requests" VALUES('b93eb02291a28ac23d1ed78b0d681edc','join','81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9',NULL,1.79588743531687474e+09);
INSERT INTO "class_requests" VALUES('4e3c6193b0b9daf181ba89232a3b2fbe','join','b1331f460eb46539c16b982906590f7d772f069f6dfa20eba4cb861f3f1fb34a',NULL,1.79588743532301378e+09);
CREATE TABLE class_tasks (
	id VARCHAR(32) NOT NULL, 
	code VARCHAR(6) NOT NULL, 
	position INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	page VARCHAR(32) NOT NULL, 
	"query" TEXT NOT NULL, 
	goal TEXT, 
	created FLOAT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(code) REFERENCES classes (code) ON DELETE CASCADE
);
INSERT INTO "class_tasks" VALUES('ab2d78f0af9f5f083f2292036aa135bb','PFZSVD',0,'Find it','lstm','lstm_step=Backward','{"event": "mistake lstm"}',1.79588743580024933e+09);
CREATE TABLE classes (
	code VARCHAR(6) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	title TEXT NOT NULL, 
	created FLOAT NOT NULL, 
	ends FLOAT NOT NULL, 
	open BOOLEAN NOT NULL, 
	board_shown BOOLEAN NOT NULL, 
	PRIMARY KEY (code)
);
INSERT INTO "classes" VALUES('PFZSVD','49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1','8a',1.795887435297863e+09,4000000000.0,1,0);
CREATE TABLE files (
	training VARCHAR(32) NOT NULL, 
	name VARCHAR(16) NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (training, name), 
	FOREIGN KEY(training) REFERENCES trainings (id) ON DELETE CASCADE
);
CREATE TABLE installation (
	id VARCHAR(32) NOT NULL, 
	was_flat BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "installation" VALUES('0',0);
CREATE TABLE paths (
	owner VARCHAR(64) NOT NULL, 
	station VARCHAR(16) NOT NULL, 
	shown BOOLEAN NOT NULL, 
	events TEXT NOT NULL, 
	changed FLOAT NOT NULL, 
	PRIMARY KEY (owner)
);
INSERT INTO "paths" VALUES('81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9','lstm',1,'["kept lstm"]',1.79588743581994271e+09);
CREATE TABLE points (
	training VARCHAR(32) NOT NULL, 
	epoch INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	metrics TEXT NOT NULL, 
	snapshot BLOB, 
	PRIMARY KEY (training, epoch), 
	FOREIGN KEY(training) REFERENCES trainings (id) ON DELETE CASCADE
);
CREATE TABLE reads (
	run VARCHAR(32) NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (run), 
	FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE runs (
	id VARCHAR(32) NOT NULL, 
	training VARCHAR(32) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	created FLOAT NOT NULL, 
	requested FLOAT NOT NULL, 
	joined BOOLEAN NOT NULL, 
	address VARCHAR(64), 
	own_name TEXT, 
	note TEXT, 
	starred BOOLEAN, 
	class_shown BOOLEAN, 
	deleted FLOAT, 
	left_at FLOAT, 
	left_progress FLOAT, 
	left_seconds FLOAT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(training) REFERENCES trainings (id) ON DELETE CASCADE
);
CREATE TABLE schema_version (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "schema_version" VALUES(7);
CREATE TABLE shared_runs (
	token VARCHAR(43) NOT NULL, 
	run VARCHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	PRIMARY KEY (token, run), 
	FOREIGN KEY(token) REFERENCES shares (token) ON DELETE CASCADE, 
	FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE shares (
	token VARCHAR(43) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	created FLOAT NOT NULL, 
	PRIMARY KEY (token)
);
CREATE TABLE studies (
	id VARCHAR(32) NOT NULL, 
	task VARCHAR(32) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	title TEXT NOT NULL, 
	config TEXT NOT NULL, 
	"plan" TEXT NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	created FLOAT NOT NULL, 
	finished FLOAT, 
	seconds FLOAT NOT NULL, 
	until FLOAT, 
	error TEXT, 
	summary TEXT, 
	address VARCHAR(64), 
	data BLOB NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE trainings (
	id VARCHAR(32) NOT NULL, 
	task VARCHAR(32) NOT NULL, 
	title TEXT NOT NULL, 
	config TEXT NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	starts INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	execution VARCHAR(32), 
	stop BOOLEAN NOT NULL, 
	heartbeat INTEGER NOT NULL, 
	queued FLOAT NOT NULL, 
	started FLOAT, 
	finished FLOAT, 
	seconds FLOAT NOT NULL, 
	until FLOAT NOT NULL, 
	progress FLOAT NOT NULL, 
	total INTEGER NOT NULL, 
	error TEXT, 
	summary TEXT, 
	digest VARCHAR(64), 
	code VARCHAR(64), 
	own_data BOOLEAN, 
	study VARCHAR(32), 
	trial INTEGER, 
	pruning TEXT, 
	pause BOOLEAN, 
	PRIMARY KEY (id)
);
CREATE INDEX trainings_by_study ON trainings (study, trial);
CREATE INDEX trainings_by_status ON trainings (status, queued);
CREATE INDEX trainings_by_digest ON trainings (digest, code);
CREATE INDEX studies_by_owner ON studies (owner, created);
CREATE INDEX studies_by_status ON studies (status);
CREATE INDEX shares_by_owner ON shares (owner, created);
CREATE INDEX runs_by_training ON runs (training);
CREATE INDEX runs_by_owner ON runs (owner, created);
CREATE INDEX runs_by_address ON runs (address, requested);
CREATE INDEX classes_by_owner ON classes (owner, created);
CREATE INDEX ix_class_requests_at ON class_requests (at);
CREATE INDEX class_members_by_owner ON class_members (owner, joined);
CREATE INDEX ix_class_tasks_code ON class_tasks (code);
CREATE INDEX ix_class_polls_code ON class_polls (code);
