"""The tables of a journal on PostgreSQL, and the triggers that keep them: a line cannot change.

Texts that name things compare by code point (COLLATE "C"), whatever the locale of the database.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["MAKING", "NUMBERING", "TABLES"]

# Advisory locks are numbers that a database's users agree on: these two are "fide" and "lity" in ASCII, joined.
MAKING = 0x66696465_6C697479
NUMBERING = MAKING + 1


def _never(table: str, *actions: str) -> dict[str, str]:
    # A row for each, but TRUNCATE knows no rows.
    made = {}
    for action in actions:
        name = f"{table}_no_{action.lower()}"
        each = "STATEMENT" if action == "TRUNCATE" else "ROW"
        made[name] = (
            f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH {each} EXECUTE FUNCTION fidelity_refuse()"
        )
    return made


#: What is made, by name, in this order.
TABLES: Mapping[str, str] = {
    # One row: which tables these are.
    "fidelity_journal": """\
CREATE TABLE fidelity_journal (
    id bigint NOT NULL PRIMARY KEY CHECK (id = 1),
    schema_version bigint NOT NULL
)""",
    # One row a stream: its version, the link of its last line, and what a writer locks. Room to change it in place.
    "fidelity_heads": """\
CREATE TABLE fidelity_heads (
    program text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    link text NOT NULL,
    PRIMARY KEY (program, stream)
) WITH (fillfactor = 70)""",
    # One row a line. `body` is its canonical text; places rise within a stream, but have gaps. That there is a head is
    # seen to by `fidelity_follow`: a foreign key would ask again for each line, which took two fifths of an import.
    "fidelity_entries": """\
CREATE TABLE fidelity_entries (
    place bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    program text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    kind text NOT NULL,
    body text NOT NULL,
    link text NOT NULL,
    UNIQUE (program, stream, version)
)""",
    # The order of the journal, without gaps: given by the first reader, so that writers wait for nobody.
    "fidelity_numbers": """\
CREATE TABLE fidelity_numbers (
    sequence bigint NOT NULL PRIMARY KEY CHECK (sequence > 0),
    place bigint NOT NULL UNIQUE REFERENCES fidelity_entries (place)
)""",
    # What no reader has seen yet.
    "fidelity_unnumbered": """\
CREATE TABLE fidelity_unnumbered (
    place bigint NOT NULL PRIMARY KEY
)""",
    # One row a command that was applied: its key can never be used again.
    "fidelity_applied": """\
CREATE TABLE fidelity_applied (
    program text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    digest text NOT NULL,
    receipt text NOT NULL,
    PRIMARY KEY (program, key)
)""",
    # A cache: it may be emptied at any time.
    "fidelity_snapshots": """\
CREATE TABLE fidelity_snapshots (
    program text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    link text NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (program, stream)
)""",
    "fidelity_refuse": """\
CREATE FUNCTION fidelity_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: no %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$""",
    "fidelity_heads_forward": """\
CREATE TRIGGER fidelity_heads_forward BEFORE UPDATE ON fidelity_heads FOR EACH ROW
WHEN (NEW.version <= OLD.version OR NEW.stream <> OLD.stream OR NEW.program <> OLD.program)
EXECUTE FUNCTION fidelity_refuse()""",
    # Once for all lines of a statement: they follow each other and the one before, and the head is at the last.
    # One stream after the other: asked as one query, it is planned for the first batch and kept for those of any size.
    "fidelity_follow": """\
CREATE FUNCTION fidelity_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT program, stream, min(version) AS first, max(version) AS last, count(*) AS lines
        FROM added GROUP BY program, stream
    LOOP
        PERFORM 1 FROM fidelity_heads h
        WHERE h.program = one.program AND h.stream = one.stream AND h.version = one.last;
        IF FOUND AND one.first > 1 THEN
            PERFORM 1 FROM fidelity_entries e
            WHERE e.program = one.program AND e.stream = one.stream AND e.version = one.first - 1;
        END IF;
        IF NOT FOUND OR one.lines <> one.last - one.first + 1 THEN
            RAISE EXCEPTION 'this is not the next version of its stream' USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END
$$""",
    "fidelity_entries_follow": """\
CREATE TRIGGER fidelity_entries_follow AFTER INSERT ON fidelity_entries
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fidelity_follow()""",
    **_never("fidelity_entries", "UPDATE", "DELETE", "TRUNCATE"),
    **_never("fidelity_applied", "UPDATE", "DELETE", "TRUNCATE"),
    **_never("fidelity_numbers", "UPDATE", "DELETE", "TRUNCATE"),
    **_never("fidelity_heads", "DELETE", "TRUNCATE"),
}
