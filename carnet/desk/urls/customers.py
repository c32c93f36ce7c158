from __future__ import annotations

from django.urls import path

from carnet.desk.views import customer_export, customer_list, customers, own_fields, owners

urlpatterns = [
    path("layouts/<slug:module>/<slug:name>/asked", own_fields.asked, name="own_fields_asked"),
    path("layouts/<slug:module>/<slug:name>/suggestions", own_fields.suggestions, name="own_fields_suggestions"),
    path("call", customers.call, name="call"),
    path("customers/", customers.customers, name="customers"),
    path("customers/list", customer_list.customer_list, name="customer_list"),
    path("customers/export", customer_export.customer_export, name="customer_export"),
    path("customers/lookup", customers.customer_lookup, name="customer_lookup"),
    path("customers/new", customers.customer_new, name="customer_new"),
    path("customers/<uuid:customer_id>/", customers.customer, name="customer"),
    path("customers/<uuid:customer_id>/edit", customers.customer_edit, name="customer_edit"),
    path("customers/<uuid:customer_id>/owner", owners.of_customer, name="customer_owner"),
    path("customers/<uuid:customer_id>/notes", customers.customer_note, name="customer_note"),
    path("customers/<uuid:customer_id>/addresses", customers.customer_address, name="customer_address"),
    path("customers/<uuid:customer_id>/pins", customers.customer_pin, name="customer_pin"),
]
