"""Tables of records that people keep, and the alerts."""

from opensec_inspect.incident.sensors.schema.columns import Table, columns

TICKETS = Table(
    name="tickets",
    id_prefix="tk",
    about="changes, incidents, requests and approvals, a row per entry",
    columns=columns(
        "Number W number of the ticket",
        "RecordType W change_request, incident, interaction, request, approval or task",
        "State W state after this entry",
        "ChangeType W standard, normal or emergency",
        "WrittenBy W account that wrote this entry, or an address outside",
        "WrittenFrom W address it was written from",
        "SessionId W cloud session it was written in",
        "ContactType W phone, email, chat, self-service, web-form or walk-in",
        "RequestedFor U person it is for",
        "AssignedTo W person who works on it",
        "AssignmentGroup W group",
        "ConfigurationItem U machine, application or domain it is about",
        "Scope U what it covers",
        "StartsAt U beginning of the window",
        "EndsAt U end of the window",
        "Summary U one line",
        "Description U text; of web-form and email entries anybody's",
        "Comment U comment; of web-form and email entries anybody's",
        "WorkNote D note of the desk",
        "Approver W person asked to approve",
        "Approval W requested, approved, rejected or withdrawn",
    ),
)
IDENTITY_CHECKS = Table(
    name="identity_checks",
    id_prefix="ic",
    about="the desk's calls to verify something",
    columns=columns(
        "Number W number of the check",
        "About W ticket, booking or entry it is about",
        "Subject W person who was asked",
        "Method D call_back, video, manager, chat or email",
        "NumberSource D where the phone number came from: personnel_system, ticket or caller",
        "PerformedBy W desk analyst",
        "Answer D confirmed, denied, unreachable or declined",
        "Note D note of the desk",
    ),
)
REGISTERS = Table(
    name="registers",
    id_prefix="rg",
    about="what is allowed to whom: travel, devices held, campaigns, schedules",
    columns=columns(
        "Register W which register",
        "Number W number of the entry",
        "Party W person or machine it is for",
        "Object W what it allows",
        "Scope W bounds in words",
        "ValidFrom W first day or time",
        "ValidUntil W last day or time",
        "EnteredBy W account that entered it",
        "Status W requested, active, closed, withdrawn or expired",
        "Note U note of whoever entered it",
    ),
)
ALERTS = Table(
    name="alerts",
    id_prefix="al",
    about="what the detection rules raised",
    columns=columns(
        "RuleName S rule",
        "RuleId S id of the rule",
        "Severity S informational, low, medium or high",
        "Description S what the rule looks for",
        "Tactic S ATT&CK tactic",
        "Technique S ATT&CK technique id",
        "Account S account concerned",
        "DeviceName S machine concerned",
        "Address S address concerned",
        "Detail X cell of the row that made it fire",
        "EvidenceTable S table of the row that made it fire",
        "EvidenceId S id of that row",
        "Status W New, or how an earlier one was closed",
    ),
)
