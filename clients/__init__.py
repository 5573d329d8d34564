"""What is made from the API's own document: a Python client and a Postman collection (``make client``)."""
