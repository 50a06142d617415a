"""Runs the continuous query of deploy/bigquery on rows of a file instead of BigQuery.

    continuousQuery.py QUERY.sql ROWS.ndjson > messages.ndjson

The query is parsed in BigQuery's dialect by sqlglot; its SELECT is put into DuckDB's by the same, and run there on
the rows, which have the columns of GA4's export. What a message would be is a line of {data, attributes}.
"""
import json
import re
import sys

import duckdb
import sqlglot
from sqlglot import exp

VALUE = "STRUCT(string_value VARCHAR, int_value BIGINT, float_value DOUBLE, double_value DOUBLE)"
PROPERTY = "STRUCT(string_value VARCHAR, int_value BIGINT, float_value DOUBLE, double_value DOUBLE, set_timestamp_micros BIGINT)"
COLUMNS = {
    "event_date": "VARCHAR", "event_timestamp": "BIGINT", "event_name": "VARCHAR", "user_id": "VARCHAR", "user_pseudo_id": "VARCHAR",
    "event_params": f"STRUCT(key VARCHAR, value {VALUE})[]", "user_properties": f"STRUCT(key VARCHAR, value {PROPERTY})[]",
    "batch_page_id": "BIGINT", "batch_ordering_id": "BIGINT", "batch_event_index": "BIGINT",
    "device": "STRUCT(category VARCHAR)", "traffic_source": "STRUCT(source VARCHAR)",
}


# sqlglot knows no argument that is a table.
APPENDS = re.compile(r"APPENDS\(TABLE (`[^`]+`), (TIMESTAMP '[^']+')\)")


def select_of(text):
    """The SELECT of the one statement, reading `rows`; the rest must be what Pub/Sub wants."""
    (_, start), = APPENDS.findall(text)
    assert sqlglot.parse_one(start, dialect="bigquery")
    [statement] = sqlglot.parse(APPENDS.sub("`rows`", text), dialect="bigquery")
    if not isinstance(statement, exp.Export):
        raise SystemExit(f"not an EXPORT DATA, but {type(statement).__name__}")
    return statement.this.unnest() if isinstance(statement.this, exp.Subquery) else statement.this


def main(query, rows):
    select = select_of(open(query, encoding="utf8").read())
    # BigQuery's seconds with three decimals; sqlglot does not know them.
    text = select.sql(dialect="duckdb").replace("%E3S", "%S.%g")
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    database.execute(f"CREATE TABLE rows AS SELECT * FROM read_json('{rows}', format = 'newline_delimited', columns = {{{columns}}})")
    result = database.execute(text)
    assert [column[0] for column in result.description] == ["message", "_ATTRIBUTES"], result.description
    for message, attributes in result.fetchall():
        print(json.dumps({"data": message, "attributes": json.loads(attributes)}))


main(*sys.argv[1:])
