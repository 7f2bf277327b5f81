"""GET /products?q=&category=&limit= and GET /products/{id}."""

from lib import db
from lib.http import answer, query


def handler(event, context):
    number = (event.get("pathParameters") or {}).get("id")
    if number is not None:
        if not number.isdigit():
            return answer(404, {"message": "no such product"})
        return show(number)
    wanted = query(event)
    limit = int(wanted.get("limit", 20))
    if "category" in wanted:
        rows = db.products_in(wanted["category"], limit)
    else:
        rows = db.find_products(wanted.get("q", ""), limit)
    return answer(200, [{"id": row[0], "name": row[1], "cents": row[2]} for row in rows])


def show(number):
    row = db.product(number)
    if row is None:
        return answer(404, {"message": "no such product"})
    return answer(200, {"id": row[0], "name": row[1], "cents": row[2]})
