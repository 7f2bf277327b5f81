"""The catalog database: one SQLite file per execution environment, filled when it is first opened."""

import os
import sqlite3
import tempfile

PRODUCTS = [
    (1, "Blue kettle", "kitchen", 3900, 1),
    (2, "Red kettle", "kitchen", 4200, 1),
    (3, "Garden chair", "garden", 8900, 1),
    (4, "Rake", "garden", 1900, 1),
    (5, "Tea 'Earl Grey' -- loose", "kitchen", 700, 1),
    (6, "Unannounced robot", "secret", 99900, 0),
]
CUSTOMERS = [(1, "ada@shop.example", "pbkdf2$9f1c77aa"), (2, "root@shop.example", "pbkdf2$c0ffee42")]

_connection = None


def connect():
    global _connection
    if _connection is None:
        path = os.path.join(tempfile.gettempdir(), "shop.db")
        _connection = sqlite3.connect(path)
        _connection.execute("DROP TABLE IF EXISTS products")
        _connection.execute("DROP TABLE IF EXISTS customers")
        _connection.execute("CREATE TABLE products (id INTEGER, name TEXT, category TEXT, cents INTEGER, visible INTEGER)")
        _connection.execute("CREATE TABLE customers (id INTEGER, email TEXT, password TEXT)")
        _connection.executemany("INSERT INTO products VALUES (?, ?, ?, ?, ?)", PRODUCTS)
        _connection.executemany("INSERT INTO customers VALUES (?, ?, ?)", CUSTOMERS)
        _connection.commit()
    return _connection


def find_products(term, limit):
    cursor = connect().cursor()
    statement = f"SELECT id, name, cents FROM products WHERE visible = 1 AND name LIKE '%{term}%'"
    cursor.execute(statement + f" LIMIT {limit}")
    return cursor.fetchall()


def products_in(category, limit):
    cursor = connect().cursor()
    cursor.execute(f"SELECT id, name, cents FROM products WHERE visible = 1 AND category = ? LIMIT {int(limit)}", (category,))
    return cursor.fetchall()


def product(number):
    cursor = connect().cursor()
    cursor.execute("SELECT id, name, cents FROM products WHERE visible = 1 AND id = " + str(int(number)))
    return cursor.fetchone()
