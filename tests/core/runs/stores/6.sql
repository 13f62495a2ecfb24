CREATE TABLE paths (
	owner VARCHAR(64) NOT NULL, 
	station VARCHAR(16) NOT NULL, 
	shown BOOLEAN NOT NULL, 
	events TEXT NOT NULL, 
	changed FLOAT NOT NULL, 
	PRIMARY KEY (owner)
);
CREATE TABLE runs (
	id VARCHAR(32) NOT NULL, 
	task VARCHAR(32) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	title TEXT NOT NULL, 
	config TEXT NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	starts INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	execution VARCHAR(32), 
	stop BOOLEAN NOT NULL, 
	beat INTEGER NOT NULL, 
	created FLOAT NOT NULL, 
	queued FLOAT NOT NULL, 
	started FLOAT, 
	finished FLOAT, 
	seconds FLOAT NOT NULL, 
	until FLOAT NOT NULL, 
	progress FLOAT NOT NULL, 
	total INTEGER NOT NULL, 
	error TEXT, 
	summary TEXT, 
	address VARCHAR(64), 
	own_name TEXT, 
	note TEXT, 
	starred BOOLEAN, 
	deleted FLOAT, 
	study VARCHAR(32), 
	trial INTEGER, 
	pruning TEXT, 
	pause BOOLEAN, 
	digest VARCHAR(64), 
	code VARCHAR(64), 
	follows VARCHAR(32), 
	left_at FLOAT, 
	left_progress FLOAT, 
	left_seconds FLOAT, 
	own_data BOOLEAN, 
	class_shown BOOLEAN, 
	PRIMARY KEY (id)
);
CREATE INDEX runs_by_address ON runs (address, queued);
CREATE INDEX runs_by_digest ON runs (digest, code);
CREATE INDEX runs_by_owner ON runs (owner, created);
CREATE INDEX runs_by_status ON runs (status, queued);
CREATE INDEX runs_by_study ON runs (study, trial);
CREATE INDEX runs_by_training ON runs (follows);
CREATE TABLE shares (
	token VARCHAR(43) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	created FLOAT NOT NULL, 
	PRIMARY KEY (token)
);
CREATE INDEX shares_by_owner ON shares (owner, created);
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
CREATE INDEX studies_by_owner ON studies (owner, created);
CREATE INDEX studies_by_status ON studies (status);
CREATE TABLE files (
	run VARCHAR(32) NOT NULL, 
	name VARCHAR(16) NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (run, name), 
	FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE points (
	run VARCHAR(32) NOT NULL, 
	epoch INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	metrics TEXT NOT NULL, 
	snapshot BLOB, 
	PRIMARY KEY (run, epoch), 
	FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE reads (
	run VARCHAR(32) NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (run), 
	FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE shared_runs (
	token VARCHAR(43) NOT NULL, 
	run VARCHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	PRIMARY KEY (token, run), 
	FOREIGN KEY(token) REFERENCES shares (token) ON DELETE CASCADE, 
	FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE class_requests (
	id VARCHAR(32) NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	address VARCHAR(64), 
	at FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE INDEX ix_class_requests_at ON class_requests (at);
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
CREATE INDEX classes_by_owner ON classes (owner, created);
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
CREATE INDEX class_members_by_owner ON class_members (owner, joined);
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
CREATE INDEX ix_class_polls_code ON class_polls (code);
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
CREATE INDEX ix_class_tasks_code ON class_tasks (code);
CREATE TABLE class_events (
	code VARCHAR(6) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	event VARCHAR(100) NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (code, owner, event), 
	FOREIGN KEY(code, owner) REFERENCES class_members (code, owner) ON DELETE CASCADE
);
CREATE TABLE class_poll_answers (
	poll VARCHAR(32) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	option INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (poll, owner), 
	FOREIGN KEY(poll) REFERENCES class_polls (id) ON DELETE CASCADE
);
CREATE TABLE installation (
	id VARCHAR(32) NOT NULL, 
	was_flat BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE schema_version (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO paths (owner, station, shown, events, changed) VALUES ('49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 'lstm', TRUE, '["x"]', 5.0);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('20788b2313a9b73c13341901d2e8fafa', 'stock', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 'data of stock', '{"recipe": "honest", "units": 8, "window": 256, "batch": 16, "dropout": 0.0, "learning_rate": 0.006, "epochs": 100, "horizon": 20, "folds": 3, "seeds": 3, "cost": 10.0, "forecast_days": 20, "seed": 1}', 'done', 1, 1, NULL, FALSE, 3, 1795875299.9706337, 1795875299.970634, 1795875300.0972085, 1795875300.105494, 6.0, 600.0, 3.0, 9, NULL, '{"nll": 0.5}', 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', 'My prices', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('2d3312305a27be20e3bfb91c54ff9467', 'text', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 'data of text', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 1, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', 'done', 1, 1, NULL, FALSE, 3, 1795875300.1232224, 1795875300.1232226, 1795875300.1293688, 1795875300.1309721, 6.0, 600.0, 3.0, 9, NULL, '{"nll": 0.5}', 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('b46662c460b9f44e151c103cf8369a12', 'adding', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 'data of adding', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 1, "length": 50, "cells": "rnn,lstm"}', 'done', 1, 1, NULL, FALSE, 3, 1795875300.1342435, 1795875300.1342435, 1795875300.1388347, 1795875300.1400998, 6.0, 600.0, 3.0, 9, NULL, '{"nll": 0.5}', 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('2cab1dd243f9886e26a1a864d221ef12', 'emoji', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 'data of emoji', '{"model": "best", "vectors": "glove", "embedding": "trained", "units": 64, "layers": 1, "direction": "both", "padding": "skipped", "pooling": "all", "networks": 1, "dropout": 0.5, "spatial_dropout": 0.2, "word_dropout": 0.1, "smoothing": 0.0, "softmax": "once", "calibration": "development", "learning_rate": 0.002, "batch": 64, "epochs": 40, "patience": 4, "average": 0.99, "taught": 3, "seed": 1}', 'done', 1, 1, NULL, FALSE, 3, 1795875300.1410108, 1795875300.141011, 1795875300.1461775, 1795875300.147752, 6.0, 600.0, 3.0, 9, NULL, '{"nll": 0.5}', 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('f72045924baa47c3d27f8aa8a36efa26', 'music', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 'data of music', '{"model": "default", "units": 192, "epochs": 40, "learning_rate": 0.001, "start": "folk", "harmony": "heard", "repeats": "read", "window": 128, "batch": 8, "dropout": 0.4, "patience": 12, "windows": 60, "seed": 1}', 'done', 1, 1, NULL, FALSE, 3, 1795875300.227891, 1795875300.2278912, 1795875300.2399697, 1795875300.2425904, 6.0, 600.0, 3.0, 9, NULL, '{"nll": 0.5}', 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('7e8f10152a0538c45691d75e064b09be', 'stock', '81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9', 'data of stock', '{"recipe": "honest", "units": 8, "window": 256, "batch": 16, "dropout": 0.0, "learning_rate": 0.006, "epochs": 100, "horizon": 20, "folds": 3, "seeds": 3, "cost": 10.0, "forecast_days": 20, "seed": 1}', 'follows', 0, 0, NULL, FALSE, 0, 1795875300.2449024, 1795875300.2449026, NULL, NULL, 0.0, 600.0, 0.0, 0, NULL, NULL, 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, 'a note', TRUE, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', '20788b2313a9b73c13341901d2e8fafa', NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('16397faf4b850520680d048f608dc5ec', 'text', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 'mine', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 0, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', 'done', 1, 1, NULL, FALSE, 3, 1795875300.2571394, 1795875300.2571397, 1795875300.2752879, 1795875300.2818637, 2.0, 600.0, 1.0, 9, NULL, '{"nll": 0.5}', 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '715dc8493c36579a5b116995100f635e3572fdf8703e708ef1a08d943b36774e', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, NULL, NULL, NULL, TRUE, TRUE);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('bee2b327f4f77c18b8f6c39e0c9d4438', 'text', '81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9', 'mine', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 0, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', 'follows', 0, 0, NULL, FALSE, 0, 1795875300.2829535, 1795875300.282954, NULL, NULL, 0.0, 600.0, 0.0, 0, NULL, NULL, 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '715dc8493c36579a5b116995100f635e3572fdf8703e708ef1a08d943b36774e', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', '16397faf4b850520680d048f608dc5ec', NULL, NULL, NULL, TRUE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('0e382ddfd5a867987ff735caae336a56', 'text', '85262adf74518bbb70c7cb94cd6159d91669e5a81edf1efebd543eadbda9fa2b', 't', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 7, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', 'running', 1, 1, '4d8d0d6a3368d98f3947e07f87f8981c', FALSE, 3, 1795875300.2956028, 1795875300.2956028, 1795875300.3035882, NULL, 6.0, 600.0, 3.0, 9, NULL, NULL, 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('ade993c56cf672c23409a9b38c462617', 'text', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 't', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 7, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', 'follows', 0, 0, NULL, FALSE, 0, 1795875300.3107488, 1795875300.3107493, NULL, NULL, 0.0, 600.0, 0.0, 0, NULL, NULL, 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', '0e382ddfd5a867987ff735caae336a56', NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('e582a101ec8b8f148710af88af2b9e09', 'text', '81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9', 't', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 7, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', 'follows', 0, 0, NULL, FALSE, 0, 1795875300.3242679, 1795875300.324268, NULL, NULL, 0.0, 600.0, 0.0, 0, NULL, NULL, 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', '0e382ddfd5a867987ff735caae336a56', 1795875300.337638, 2.0, 4.0, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('a56527b953ef72202f15f92d162ba796', 'text', '85262adf74518bbb70c7cb94cd6159d91669e5a81edf1efebd543eadbda9fa2b', 't', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 8, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', 'running', 1, 1, '1defa6772df51b1ef18472994f721b83', FALSE, 2, 1795875300.339567, 1795875300.3395672, 1795875300.3609123, NULL, 2.0, 600.0, 1.0, 9, NULL, NULL, 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, 1795875300.3644946, 1.0, 2.0, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('b45cd39aab336da67b50122cec904143', 'text', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 't', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 8, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', 'follows', 0, 0, NULL, FALSE, 0, 1795875300.3496401, 1795875300.3496404, NULL, NULL, 0.0, 600.0, 0.0, 0, NULL, NULL, 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', 'a56527b953ef72202f15f92d162ba796', NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('f72a5a9bc10ec67eac735480961b84ad', 'adding', '81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9', 't', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 9, "length": 50, "cells": "rnn,lstm"}', 'stopped', 1, 1, NULL, FALSE, 3, 1795875300.3662305, 1795875300.3662307, 1795875300.3840659, 1795875300.3863294, 4.0, 600.0, 2.0, 9, NULL, '{"nll": 0.5}', 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('f50775614cd88cf9cfea2513d70d94d5', 'adding', '85262adf74518bbb70c7cb94cd6159d91669e5a81edf1efebd543eadbda9fa2b', 't', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 9, "length": 50, "cells": "rnn,lstm"}', 'follows', 0, 0, NULL, FALSE, 0, 1795875300.3739827, 1795875300.373983, NULL, NULL, 0.0, 600.0, 0.0, 0, NULL, NULL, 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', 'f72a5a9bc10ec67eac735480961b84ad', NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('e3442802594e2776657ffbe63c634b0a', 'adding', 'ec4f2dbb3b140095550c9afbbb69b5d6fd9e814b9da82fad0b34e9fcbe56f1cb', 't', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 3, "length": 50, "cells": "rnn,lstm"}', 'failed', 1, 1, NULL, FALSE, 3, 1795875300.389589, 1795875300.3895893, 1795875300.3989744, 1795875300.4006052, 2.0, 600.0, 1.0, 9, 'why', '{"nll": 0.5}', 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('33e293be84ca531d456e337f00088afa', 'adding', 'ec4f2dbb3b140095550c9afbbb69b5d6fd9e814b9da82fad0b34e9fcbe56f1cb', 't', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 4, "length": 50, "cells": "rnn,lstm"}', 'queued', 0, 0, NULL, FALSE, 0, 1795875300.4030137, 1795875300.403014, NULL, NULL, 0.0, 600.0, 0.0, 0, NULL, NULL, 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('183687bfab29c2d27291dc1ed21acf80', 'adding', '81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9', 't', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 4, "length": 50, "cells": "rnn,lstm"}', 'follows', 0, 0, NULL, FALSE, 0, 1795875300.4128532, 1795875300.4128535, NULL, NULL, 0.0, 600.0, 0.0, 0, NULL, NULL, 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', '33e293be84ca531d456e337f00088afa', NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('1856de3bfe47b45002dbf7d1421ec0eb', 'adding', 'ec4f2dbb3b140095550c9afbbb69b5d6fd9e814b9da82fad0b34e9fcbe56f1cb', 't', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 5, "length": 50, "cells": "rnn,lstm"}', 'queued', 0, 0, NULL, FALSE, 0, 1795875300.4229243, 1795875300.4229243, NULL, NULL, 0.0, 600.0, 0.0, 0, NULL, NULL, 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('78e823a3e0a6c2f3e293c733605cebc9', 'text', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 't', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 11, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', 'done', 1, 1, NULL, FALSE, 3, 1795875300.4270701, 1795875300.4270701, 1795875300.4476082, 1795875300.4493544, 4.0, 600.0, 2.0, 9, NULL, '{"nll": 0.5}', 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, 1795875300.4500306, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('57a25d742b466766b864016780103177', 'text', 'ec4f2dbb3b140095550c9afbbb69b5d6fd9e814b9da82fad0b34e9fcbe56f1cb', 't', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 11, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', 'follows', 0, 0, NULL, FALSE, 0, 1795875300.4422398, 1795875300.44224, NULL, NULL, 0.0, 600.0, 0.0, 0, NULL, NULL, 'fec52565aa0cf18f57d7cf5b3ac728503b8992d2d6f7d46da1d1201090902b02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b', 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', '78e823a3e0a6c2f3e293c733605cebc9', NULL, NULL, NULL, FALSE, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('5feceb66ffc86f38d952786c6d696c79', 'text', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 'searched', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 0, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', 'done', 1, 1, NULL, FALSE, 3, 1795875300.4915123, 1795875300.4915123, 1795875300.493084, 1795875300.4950798, 4.0, 600.0, 2.0, 9, NULL, '{"nll": 0.5}', NULL, NULL, NULL, NULL, NULL, '3adff0a331a8a0891abacd0e6492be6d', 0, '{"metric": "loss"}', NULL, NULL, 'c955f5e80d63db28ad8d3a8b377630e08b5c33ff2024281a664841f94a0298dc', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('6b86b273ff34fce19d6b804eff5a3f57', 'text', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 'searched', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 1, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', 'queued', 0, 0, NULL, FALSE, 0, 1795875300.4915123, 1795875300.4915123, NULL, NULL, 0.0, 600.0, 0.0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '3adff0a331a8a0891abacd0e6492be6d', 1, '{"metric": "loss"}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO runs (id, task, owner, title, config, status, starts, attempt, execution, stop, beat, created, queued, started, finished, seconds, until, progress, total, error, summary, address, own_name, note, starred, deleted, study, trial, pruning, pause, digest, code, follows, left_at, left_progress, left_seconds, own_data, class_shown) VALUES ('d4735e3a265e16eee03f59718b9b5d03', 'text', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 'searched', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 2, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', 'queued', 0, 0, NULL, FALSE, 0, 1795875300.4915123, 1795875300.4915123, NULL, NULL, 0.0, 600.0, 0.0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '3adff0a331a8a0891abacd0e6492be6d', 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO shares (token, owner, created) VALUES ('Vb81jSEJzSqXkEq4T1_AAASo1zPLjwp5qrNTxN_Xwa0', '81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9', 1795875300.4687786);
INSERT INTO shares (token, owner, created) VALUES ('YZrUl5c3BeAzy_wS6w37RvRz77vjqdGJfpVUWfcGd_Q', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 1795875300.4705486);
INSERT INTO studies (id, task, owner, title, config, plan, status, created, finished, seconds, until, error, summary, address, data) VALUES ('3adff0a331a8a0891abacd0e6492be6d', 'text', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', 'searched', '{"units": 32, "epochs": 40, "steps": 50, "batch": 32, "optimizer": "adam", "learning_rate": 0.01, "clip": 1.0, "forget_bias": 1.0, "recurrent_scale": 1.0, "recurrence": "on", "backward": "right", "equal": "units", "seed": 0, "cell": "lstm", "window": 40, "temperature": 0.8, "sample": 8}', '{"extent": {"minutes": 5, "trials": 2}}', 'running', 1795875300.4710798, NULL, 0.0, 1795875600.4710798, NULL, '{"trials": []}', NULL, X'6f662074686520736561726368');
INSERT INTO files (run, name, content) VALUES ('20788b2313a9b73c13341901d2e8fafa', 'data', X'31');
INSERT INTO files (run, name, content) VALUES ('20788b2313a9b73c13341901d2e8fafa', 'result', X'726573756c74');
INSERT INTO files (run, name, content) VALUES ('2d3312305a27be20e3bfb91c54ff9467', 'data', X'31');
INSERT INTO files (run, name, content) VALUES ('2d3312305a27be20e3bfb91c54ff9467', 'result', X'726573756c74');
INSERT INTO files (run, name, content) VALUES ('b46662c460b9f44e151c103cf8369a12', 'data', X'31');
INSERT INTO files (run, name, content) VALUES ('b46662c460b9f44e151c103cf8369a12', 'result', X'726573756c74');
INSERT INTO files (run, name, content) VALUES ('2cab1dd243f9886e26a1a864d221ef12', 'data', X'31');
INSERT INTO files (run, name, content) VALUES ('2cab1dd243f9886e26a1a864d221ef12', 'result', X'726573756c74');
INSERT INTO files (run, name, content) VALUES ('f72045924baa47c3d27f8aa8a36efa26', 'data', X'31');
INSERT INTO files (run, name, content) VALUES ('f72045924baa47c3d27f8aa8a36efa26', 'result', X'726573756c74');
INSERT INTO files (run, name, content) VALUES ('16397faf4b850520680d048f608dc5ec', 'data', X'70726976617465');
INSERT INTO files (run, name, content) VALUES ('16397faf4b850520680d048f608dc5ec', 'result', X'726573756c74');
INSERT INTO files (run, name, content) VALUES ('0e382ddfd5a867987ff735caae336a56', 'data', X'31');
INSERT INTO files (run, name, content) VALUES ('a56527b953ef72202f15f92d162ba796', 'data', X'31');
INSERT INTO files (run, name, content) VALUES ('f72a5a9bc10ec67eac735480961b84ad', 'data', X'31');
INSERT INTO files (run, name, content) VALUES ('f72a5a9bc10ec67eac735480961b84ad', 'result', X'68616c66');
INSERT INTO files (run, name, content) VALUES ('e3442802594e2776657ffbe63c634b0a', 'data', X'31');
INSERT INTO files (run, name, content) VALUES ('33e293be84ca531d456e337f00088afa', 'data', X'31');
INSERT INTO files (run, name, content) VALUES ('1856de3bfe47b45002dbf7d1421ec0eb', 'data', X'31');
INSERT INTO files (run, name, content) VALUES ('78e823a3e0a6c2f3e293c733605cebc9', 'data', X'31');
INSERT INTO files (run, name, content) VALUES ('78e823a3e0a6c2f3e293c733605cebc9', 'result', X'726573756c74');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('20788b2313a9b73c13341901d2e8fafa', 1, 1795875300.0999143, '{"loss": 1.0}', X'7331');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('20788b2313a9b73c13341901d2e8fafa', 2, 1795875300.0999174, '{"loss": 0.5}', X'7332');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('20788b2313a9b73c13341901d2e8fafa', 3, 1795875300.0999186, '{"loss": 0.3333333333333333}', X'7333');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('2d3312305a27be20e3bfb91c54ff9467', 1, 1795875300.130223, '{"loss": 1.0}', X'7331');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('2d3312305a27be20e3bfb91c54ff9467', 2, 1795875300.130225, '{"loss": 0.5}', X'7332');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('2d3312305a27be20e3bfb91c54ff9467', 3, 1795875300.130226, '{"loss": 0.3333333333333333}', X'7333');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('b46662c460b9f44e151c103cf8369a12', 1, 1795875300.1394992, '{"loss": 1.0}', X'7331');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('b46662c460b9f44e151c103cf8369a12', 2, 1795875300.1395037, '{"loss": 0.5}', X'7332');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('b46662c460b9f44e151c103cf8369a12', 3, 1795875300.1395044, '{"loss": 0.3333333333333333}', X'7333');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('2cab1dd243f9886e26a1a864d221ef12', 1, 1795875300.146849, '{"loss": 1.0}', X'7331');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('2cab1dd243f9886e26a1a864d221ef12', 2, 1795875300.1468503, '{"loss": 0.5}', X'7332');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('2cab1dd243f9886e26a1a864d221ef12', 3, 1795875300.1468513, '{"loss": 0.3333333333333333}', X'7333');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('f72045924baa47c3d27f8aa8a36efa26', 1, 1795875300.241435, '{"loss": 1.0}', X'7331');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('f72045924baa47c3d27f8aa8a36efa26', 2, 1795875300.2414374, '{"loss": 0.5}', X'7332');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('f72045924baa47c3d27f8aa8a36efa26', 3, 1795875300.2414382, '{"loss": 0.3333333333333333}', X'7333');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('16397faf4b850520680d048f608dc5ec', 1, 1795875300.27627, '{"loss": 1.0}', X'7331');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('0e382ddfd5a867987ff735caae336a56', 1, 1795875300.3091822, '{"loss": 1.0}', X'7331');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('0e382ddfd5a867987ff735caae336a56', 2, 1795875300.3091838, '{"loss": 0.5}', X'7332');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('0e382ddfd5a867987ff735caae336a56', 3, 1795875300.3382487, '{"loss": 0.3}', NULL);
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('a56527b953ef72202f15f92d162ba796', 1, 1795875300.3623893, '{"loss": 1.0}', X'7331');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('f72a5a9bc10ec67eac735480961b84ad', 1, 1795875300.3854659, '{"loss": 1.0}', X'7331');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('f72a5a9bc10ec67eac735480961b84ad', 2, 1795875300.3854673, '{"loss": 0.5}', X'7332');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('e3442802594e2776657ffbe63c634b0a', 1, 1795875300.399837, '{"loss": 1.0}', X'7331');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('78e823a3e0a6c2f3e293c733605cebc9', 1, 1795875300.4484992, '{"loss": 1.0}', X'7331');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('78e823a3e0a6c2f3e293c733605cebc9', 2, 1795875300.4485004, '{"loss": 0.5}', X'7332');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('5feceb66ffc86f38d952786c6d696c79', 1, 1795875300.4940233, '{"loss": 1.0}', X'7331');
INSERT INTO points (run, epoch, at, metrics, snapshot) VALUES ('5feceb66ffc86f38d952786c6d696c79', 2, 1795875300.4940252, '{"loss": 0.5}', X'7332');
INSERT INTO reads (run, at) VALUES ('20788b2313a9b73c13341901d2e8fafa', 1795875300.4564383);
INSERT INTO reads (run, at) VALUES ('7e8f10152a0538c45691d75e064b09be', 1795875300.4658306);
INSERT INTO reads (run, at) VALUES ('2d3312305a27be20e3bfb91c54ff9467', 1795875300.5268877);
INSERT INTO reads (run, at) VALUES ('b46662c460b9f44e151c103cf8369a12', 1795875300.5322518);
INSERT INTO reads (run, at) VALUES ('2cab1dd243f9886e26a1a864d221ef12', 1795875300.5344121);
INSERT INTO reads (run, at) VALUES ('f72045924baa47c3d27f8aa8a36efa26', 1795875300.5362446);
INSERT INTO reads (run, at) VALUES ('16397faf4b850520680d048f608dc5ec', 1795875300.5489078);
INSERT INTO reads (run, at) VALUES ('5feceb66ffc86f38d952786c6d696c79', 1795875300.5902958);
INSERT INTO reads (run, at) VALUES ('bee2b327f4f77c18b8f6c39e0c9d4438', 1795875300.6202433);
INSERT INTO reads (run, at) VALUES ('e582a101ec8b8f148710af88af2b9e09', 1795875300.6247084);
INSERT INTO reads (run, at) VALUES ('f72a5a9bc10ec67eac735480961b84ad', 1795875300.6421561);
INSERT INTO reads (run, at) VALUES ('e3442802594e2776657ffbe63c634b0a', 1795875300.709958);
INSERT INTO reads (run, at) VALUES ('57a25d742b466766b864016780103177', 1795875300.7302098);
INSERT INTO reads (run, at) VALUES ('a56527b953ef72202f15f92d162ba796', 1795875300.7779605);
INSERT INTO reads (run, at) VALUES ('f50775614cd88cf9cfea2513d70d94d5', 1795875300.7873952);
INSERT INTO shared_runs (token, run, position) VALUES ('Vb81jSEJzSqXkEq4T1_AAASo1zPLjwp5qrNTxN_Xwa0', '7e8f10152a0538c45691d75e064b09be', 0);
INSERT INTO shared_runs (token, run, position) VALUES ('YZrUl5c3BeAzy_wS6w37RvRz77vjqdGJfpVUWfcGd_Q', 'ade993c56cf672c23409a9b38c462617', 0);
INSERT INTO shared_runs (token, run, position) VALUES ('YZrUl5c3BeAzy_wS6w37RvRz77vjqdGJfpVUWfcGd_Q', '20788b2313a9b73c13341901d2e8fafa', 1);
INSERT INTO class_requests (id, kind, owner, address, at) VALUES ('b23e2de85196034d82df28beb5cdc640', 'start', '7134aac53eddcc48c4c906674adf1a86633c0d5e14be5f686d3da69f316c1fa3', NULL, 1795875299.853495);
INSERT INTO class_requests (id, kind, owner, address, at) VALUES ('d61df8e32845e74c77a647f1ad0edecb', 'join', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', NULL, 1795875299.8700893);
INSERT INTO class_requests (id, kind, owner, address, at) VALUES ('d5ee1da2255f74aea90913ffdc291696', 'join', '81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9', NULL, 1795875299.8734267);
INSERT INTO classes (code, owner, title, created, ends, open, board_shown) VALUES ('DZGFRX', '7134aac53eddcc48c4c906674adf1a86633c0d5e14be5f686d3da69f316c1fa3', '8a', 1795875299.8544965, 100000000000.0, TRUE, FALSE);
INSERT INTO class_members (code, owner, id, name, name_key, joined, active, hidden) VALUES ('DZGFRX', '49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1', '9e26257c22286675ced5019218424b40', 'ann', 'ann', 1795875299.8644454, 1795875299.8644454, FALSE);
INSERT INTO class_members (code, owner, id, name, name_key, joined, active, hidden) VALUES ('DZGFRX', '81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9', '97332fe057e47f546f83bd159d8c15b7', 'bob', 'bob', 1795875299.8725536, 1795875299.8725536, FALSE);
INSERT INTO installation (id, was_flat) VALUES ('cee8a53c49294c6b1b3d2c9e33324433', FALSE);
INSERT INTO schema_version (version) VALUES (6);
