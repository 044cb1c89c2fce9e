"""Every page of ours, in the order in which addresses are looked up."""

from fastapi import APIRouter

from api.pages import (
    audit_page,
    back_test,
    bundle_form,
    charge_page,
    columns_page,
    complaint,
    deed_form,
    difference_page,
    fine_form,
    freshness_line,
    import_page,
    intake,
    kpi_page,
    kpi_publish,
    ledger_table,
    looks_page,
    me_page,
    notice_page,
    operations_acts,
    operations_page,
    people_page,
    repeats_page,
    score_page,
    sign_in_page,
    static,
    work_page,
)

router = APIRouter(include_in_schema=False)
for _pages in (
    static,
    freshness_line,
    import_page,
    ledger_table,
    intake,
    charge_page,
    complaint,
    difference_page,
    fine_form,
    bundle_form,  # its word is no deed's
    deed_form,
    operations_acts,
    notice_page,
    operations_page,
    back_test,
    audit_page,
    columns_page,
    repeats_page,
    score_page,
    kpi_page,
    kpi_publish,
    sign_in_page,
    people_page,
    work_page,
    looks_page,
    me_page,
):
    router.include_router(_pages.router)
