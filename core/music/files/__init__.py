"""Music files: MIDI and MusicXML, read and written."""
