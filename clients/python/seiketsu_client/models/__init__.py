""" Contains all the data models used in inputs/outputs """

from .address import Address
from .admin_credentials import AdminCredentials
from .agent import Agent
from .agent_change import AgentChange
from .agent_change_hours import AgentChangeHours
from .agent_change_languages_item import AgentChangeLanguagesItem
from .agent_change_lexicon import AgentChangeLexicon
from .agent_hours import AgentHours
from .agent_lexicon import AgentLexicon
from .agent_transfer_targets_item import AgentTransferTargetsItem
from .answer import Answer
from .answer_awaiting import AnswerAwaiting
from .answer_change import AnswerChange
from .answer_change_kind import AnswerChangeKind
from .answer_change_language import AnswerChangeLanguage
from .answer_new import AnswerNew
from .answer_new_kind import AnswerNewKind
from .answer_new_language import AnswerNewLanguage
from .answer_page import AnswerPage
from .answer_slots import AnswerSlots
from .answer_slots_additional_property import AnswerSlotsAdditionalProperty
from .assignment import Assignment
from .assignment_page import AssignmentPage
from .assistance_task_change import AssistanceTaskChange
from .audit_check import AuditCheck
from .audit_entry import AuditEntry
from .audit_entry_after_type_0 import AuditEntryAfterType0
from .audit_entry_before_type_0 import AuditEntryBeforeType0
from .audit_page import AuditPage
from .availability import Availability
from .availability_change import AvailabilityChange
from .availability_change_hours_type_0 import AvailabilityChangeHoursType0
from .availability_exceptions_item import AvailabilityExceptionsItem
from .availability_hours import AvailabilityHours
from .availability_page import AvailabilityPage
from .become import Become
from .become_role import BecomeRole
from .begin import Begin
from .billing_view import BillingView
from .billing_view_status import BillingViewStatus
from .booking import Booking
from .booking_kind import BookingKind
from .booking_new import BookingNew
from .booking_new_kind import BookingNewKind
from .booking_page import BookingPage
from .booking_status import BookingStatus
from .calendar import Calendar
from .calendar_new import CalendarNew
from .call import Call
from .call_back_queue import CallBackQueue
from .call_new import CallNew
from .call_page import CallPage
from .call_record import CallRecord
from .call_status import CallStatus
from .callback import Callback
from .callback_act import CallbackAct
from .callback_act_act import CallbackActAct
from .calling_callback import CallingCallback
from .change_password import ChangePassword
from .checkout_view import CheckoutView
from .choose_password import ChoosePassword
from .claim import Claim
from .close import Close
from .close_status import CloseStatus
from .code import Code
from .conversation_view import ConversationView
from .conversation_view_awaiting import ConversationViewAwaiting
from .conversation_view_slots import ConversationViewSlots
from .conversation_view_slots_additional_property import ConversationViewSlotsAdditionalProperty
from .data_request import DataRequest
from .data_request_page import DataRequestPage
from .data_request_report_type_0 import DataRequestReportType0
from .delivery import Delivery
from .delivery_data import DeliveryData
from .delivery_page import DeliveryPage
from .enrolment_view import EnrolmentView
from .event_type import EventType
from .event_types import EventTypes
from .export import Export
from .export_page import ExportPage
from .feed import Feed
from .feed_change import FeedChange
from .feed_last import FeedLast
from .feed_new import FeedNew
from .feed_page import FeedPage
from .field_problem import FieldProblem
from .flow import Flow
from .flow_diff import FlowDiff
from .flow_draft import FlowDraft
from .flow_lint import FlowLint
from .flow_page import FlowPage
from .flow_problem import FlowProblem
from .flow_source import FlowSource
from .flow_version import FlowVersion
from .flow_version_page import FlowVersionPage
from .flow_version_status import FlowVersionStatus
from .flow_version_summary import FlowVersionSummary
from .flow_version_summary_status import FlowVersionSummaryStatus
from .follow_up_step import FollowUpStep
from .follow_up_step_channel import FollowUpStepChannel
from .follow_up_step_stop_item import FollowUpStepStopItem
from .free_time import FreeTime
from .free_time_page import FreeTimePage
from .health_healthz_response_healthz_healthz_get import HealthHealthzResponseHealthzHealthzGet
from .health_readyz_response_readyz_readyz_get import HealthReadyzResponseReadyzReadyzGet
from .hot_rule import HotRule
from .hot_rule_financing_item import HotRuleFinancingItem
from .hot_rule_intents_item import HotRuleIntentsItem
from .import_ import Import
from .import_new import ImportNew
from .import_new_format import ImportNewFormat
from .import_page import ImportPage
from .import_result import ImportResult
from .import_result_status import ImportResultStatus
from .integration import Integration
from .integration_change import IntegrationChange
from .integration_config import IntegrationConfig
from .integration_kind import IntegrationKind
from .integration_last_test_type_0 import IntegrationLastTestType0
from .integration_new import IntegrationNew
from .integration_new_kind import IntegrationNewKind
from .integration_page import IntegrationPage
from .integration_settings import IntegrationSettings
from .integration_state import IntegrationState
from .invite import Invite
from .invite_role import InviteRole
from .item_change import ItemChange
from .item_change_status_type_0 import ItemChangeStatusType0
from .item_view import ItemView
from .item_view_status import ItemViewStatus
from .key_view import KeyView
from .known_answer import KnownAnswer
from .known_answer_kind import KnownAnswerKind
from .lead import Lead
from .lead_appointment_type_0 import LeadAppointmentType0
from .lead_change import LeadChange
from .lead_change_intent import LeadChangeIntent
from .lead_change_represented_type_0 import LeadChangeRepresentedType0
from .lead_consent import LeadConsent
from .lead_extra import LeadExtra
from .lead_intent import LeadIntent
from .lead_new import LeadNew
from .lead_new_intent import LeadNewIntent
from .lead_new_represented_type_0 import LeadNewRepresentedType0
from .lead_page import LeadPage
from .lead_rules import LeadRules
from .lead_rules_must_haves_item import LeadRulesMustHavesItem
from .lead_rules_new import LeadRulesNew
from .lead_rules_questions_item import LeadRulesQuestionsItem
from .limit_view import LimitView
from .limit_view_limit import LimitViewLimit
from .list_answers_kind_type_0 import ListAnswersKindType0
from .list_appointments_status import ListAppointmentsStatus
from .list_calls_direction_type_0 import ListCallsDirectionType0
from .list_calls_status_type_0 import ListCallsStatusType0
from .list_free_times_kind import ListFreeTimesKind
from .list_integrations_kind_type_0 import ListIntegrationsKindType0
from .list_integrations_state_type_0 import ListIntegrationsStateType0
from .list_leads_intent_type_0 import ListLeadsIntentType0
from .list_numbers_status_type_0 import ListNumbersStatusType0
from .list_placed_calls_status_type_0 import ListPlacedCallsStatusType0
from .list_runs_state_type_0 import ListRunsStateType0
from .list_tasks_status_type_0 import ListTasksStatusType0
from .list_tenants_status_type_0 import ListTenantsStatusType0
from .list_tickets_category_type_0 import ListTicketsCategoryType0
from .list_tickets_priority_type_0 import ListTicketsPriorityType0
from .list_tickets_status_type_0 import ListTicketsStatusType0
from .listing import Listing
from .listing_details import ListingDetails
from .listing_page import ListingPage
from .listing_status import ListingStatus
from .make_key import MakeKey
from .message import Message
from .month_view import MonthView
from .move import Move
from .must_have import MustHave
from .must_have_field import MustHaveField
from .must_have_of_item import MustHaveOfItem
from .names import Names
from .new_key_view import NewKeyView
from .new_request import NewRequest
from .new_request_kind import NewRequestKind
from .new_webhook import NewWebhook
from .noted_file import NotedFile
from .notice_view import NoticeView
from .number import Number
from .number_new import NumberNew
from .number_page import NumberPage
from .number_status import NumberStatus
from .one_code import OneCode
from .opening import Opening
from .opening_channel import OpeningChannel
from .other_hours import OtherHours
from .outbound import Outbound
from .outbound_change import OutboundChange
from .outbound_change_voicemail_type_0 import OutboundChangeVoicemailType0
from .outbound_voicemail import OutboundVoicemail
from .own_question import OwnQuestion
from .own_question_of_item import OwnQuestionOfItem
from .own_question_type import OwnQuestionType
from .page_key_view import PageKeyView
from .page_user_view import PageUserView
from .personal_data import PersonalData
from .personal_data_tables import PersonalDataTables
from .personal_data_tables_additional_property_item import PersonalDataTablesAdditionalPropertyItem
from .placed_call import PlacedCall
from .placed_calls import PlacedCalls
from .plan_change_body import PlanChangeBody
from .plan_change_body_plan import PlanChangeBodyPlan
from .plan_change_body_when import PlanChangeBodyWhen
from .plan_view import PlanView
from .plan_view_direction import PlanViewDirection
from .plan_view_status import PlanViewStatus
from .preview_opening_channel import PreviewOpeningChannel
from .problem import Problem
from .proof import Proof
from .proof_and_code import ProofAndCode
from .provision_request import ProvisionRequest
from .provisioned import Provisioned
from .question import Question
from .receipt_view import ReceiptView
from .recovery_codes import RecoveryCodes
from .replay import Replay
from .replayed import Replayed
from .reply_new import ReplyNew
from .retried import Retried
from .rollback import Rollback
from .rotate import Rotate
from .routing import Routing
from .routing_explained import RoutingExplained
from .routing_rule import RoutingRule
from .routing_rule_when import RoutingRuleWhen
from .rules import Rules
from .rules_compliance import RulesCompliance
from .rules_criteria import RulesCriteria
from .rules_follow_up_item import RulesFollowUpItem
from .rules_hot_rule import RulesHotRule
from .rules_lint import RulesLint
from .rules_lint_problems import RulesLintProblems
from .rules_new import RulesNew
from .rules_new_criteria import RulesNewCriteria
from .rules_new_recording_type_0 import RulesNewRecordingType0
from .rules_routing import RulesRouting
from .run_page import RunPage
from .run_summary import RunSummary
from .run_summary_problem_type_0 import RunSummaryProblemType0
from .run_view import RunView
from .run_view_checks import RunViewChecks
from .run_view_left_to_do_item import RunViewLeftToDoItem
from .run_view_problem_type_0 import RunViewProblemType0
from .said import Said
from .session_view import SessionView
from .session_view_kind import SessionViewKind
from .sign_in import SignIn
from .standing_view import StandingView
from .step_view import StepView
from .step_view_detail import StepViewDetail
from .step_view_name import StepViewName
from .support_view import SupportView
from .support_view_first_answer_hours import SupportViewFirstAnswerHours
from .task import Task
from .task_change import TaskChange
from .task_change_status import TaskChangeStatus
from .task_new import TaskNew
from .task_page import TaskPage
from .task_status import TaskStatus
from .task_view import TaskView
from .task_view_kind import TaskViewKind
from .tenant import Tenant
from .tenant_agent import TenantAgent
from .tenant_agent_hours import TenantAgentHours
from .tenant_agent_transfer_targets_item import TenantAgentTransferTargetsItem
from .tenant_change import TenantChange
from .tenant_member import TenantMember
from .tenant_page import TenantPage
from .tenant_rules import TenantRules
from .tenant_rules_compliance import TenantRulesCompliance
from .tenant_rules_criteria import TenantRulesCriteria
from .tenant_rules_follow_up_item import TenantRulesFollowUpItem
from .tenant_rules_hot_rule import TenantRulesHotRule
from .tenant_rules_routing import TenantRulesRouting
from .tenant_status import TenantStatus
from .ticket import Ticket
from .ticket_change import TicketChange
from .ticket_change_category import TicketChangeCategory
from .ticket_change_priority import TicketChangePriority
from .ticket_change_status import TicketChangeStatus
from .ticket_new import TicketNew
from .ticket_new_category import TicketNewCategory
from .ticket_new_priority import TicketNewPriority
from .ticket_page import TicketPage
from .ticket_reply import TicketReply
from .ticket_status import TicketStatus
from .ticket_summary import TicketSummary
from .ticket_summary_status import TicketSummaryStatus
from .to_ring import ToRing
from .told import Told
from .too_much_view import TooMuchView
from .tool_view import ToolView
from .tool_view_arguments import ToolViewArguments
from .transcript import Transcript
from .transfer_target import TransferTarget
from .turn import Turn
from .turn_latency import TurnLatency
from .turn_role import TurnRole
from .turn_tools_item import TurnToolsItem
from .turn_view import TurnView
from .turn_view_latency import TurnViewLatency
from .turn_view_tools_item import TurnViewToolsItem
from .usage_view import UsageView
from .usage_view_lines_in_use import UsageViewLinesInUse
from .user_view import UserView
from .user_view_role import UserViewRole
from .user_view_status import UserViewStatus
from .voice_preferences import VoicePreferences
from .waiting_view import WaitingView
from .way_view import WayView
from .way_view_channel import WayViewChannel
from .webhook import Webhook
from .webhook_change import WebhookChange
from .webhook_page import WebhookPage
from .why import Why

__all__ = (
    "Address",
    "AdminCredentials",
    "Agent",
    "AgentChange",
    "AgentChangeHours",
    "AgentChangeLanguagesItem",
    "AgentChangeLexicon",
    "AgentHours",
    "AgentLexicon",
    "AgentTransferTargetsItem",
    "Answer",
    "AnswerAwaiting",
    "AnswerChange",
    "AnswerChangeKind",
    "AnswerChangeLanguage",
    "AnswerNew",
    "AnswerNewKind",
    "AnswerNewLanguage",
    "AnswerPage",
    "AnswerSlots",
    "AnswerSlotsAdditionalProperty",
    "Assignment",
    "AssignmentPage",
    "AssistanceTaskChange",
    "AuditCheck",
    "AuditEntry",
    "AuditEntryAfterType0",
    "AuditEntryBeforeType0",
    "AuditPage",
    "Availability",
    "AvailabilityChange",
    "AvailabilityChangeHoursType0",
    "AvailabilityExceptionsItem",
    "AvailabilityHours",
    "AvailabilityPage",
    "Become",
    "BecomeRole",
    "Begin",
    "BillingView",
    "BillingViewStatus",
    "Booking",
    "BookingKind",
    "BookingNew",
    "BookingNewKind",
    "BookingPage",
    "BookingStatus",
    "Calendar",
    "CalendarNew",
    "Call",
    "Callback",
    "CallbackAct",
    "CallbackActAct",
    "CallBackQueue",
    "CallingCallback",
    "CallNew",
    "CallPage",
    "CallRecord",
    "CallStatus",
    "ChangePassword",
    "CheckoutView",
    "ChoosePassword",
    "Claim",
    "Close",
    "CloseStatus",
    "Code",
    "ConversationView",
    "ConversationViewAwaiting",
    "ConversationViewSlots",
    "ConversationViewSlotsAdditionalProperty",
    "DataRequest",
    "DataRequestPage",
    "DataRequestReportType0",
    "Delivery",
    "DeliveryData",
    "DeliveryPage",
    "EnrolmentView",
    "EventType",
    "EventTypes",
    "Export",
    "ExportPage",
    "Feed",
    "FeedChange",
    "FeedLast",
    "FeedNew",
    "FeedPage",
    "FieldProblem",
    "Flow",
    "FlowDiff",
    "FlowDraft",
    "FlowLint",
    "FlowPage",
    "FlowProblem",
    "FlowSource",
    "FlowVersion",
    "FlowVersionPage",
    "FlowVersionStatus",
    "FlowVersionSummary",
    "FlowVersionSummaryStatus",
    "FollowUpStep",
    "FollowUpStepChannel",
    "FollowUpStepStopItem",
    "FreeTime",
    "FreeTimePage",
    "HealthHealthzResponseHealthzHealthzGet",
    "HealthReadyzResponseReadyzReadyzGet",
    "HotRule",
    "HotRuleFinancingItem",
    "HotRuleIntentsItem",
    "Import",
    "ImportNew",
    "ImportNewFormat",
    "ImportPage",
    "ImportResult",
    "ImportResultStatus",
    "Integration",
    "IntegrationChange",
    "IntegrationConfig",
    "IntegrationKind",
    "IntegrationLastTestType0",
    "IntegrationNew",
    "IntegrationNewKind",
    "IntegrationPage",
    "IntegrationSettings",
    "IntegrationState",
    "Invite",
    "InviteRole",
    "ItemChange",
    "ItemChangeStatusType0",
    "ItemView",
    "ItemViewStatus",
    "KeyView",
    "KnownAnswer",
    "KnownAnswerKind",
    "Lead",
    "LeadAppointmentType0",
    "LeadChange",
    "LeadChangeIntent",
    "LeadChangeRepresentedType0",
    "LeadConsent",
    "LeadExtra",
    "LeadIntent",
    "LeadNew",
    "LeadNewIntent",
    "LeadNewRepresentedType0",
    "LeadPage",
    "LeadRules",
    "LeadRulesMustHavesItem",
    "LeadRulesNew",
    "LeadRulesQuestionsItem",
    "LimitView",
    "LimitViewLimit",
    "ListAnswersKindType0",
    "ListAppointmentsStatus",
    "ListCallsDirectionType0",
    "ListCallsStatusType0",
    "ListFreeTimesKind",
    "Listing",
    "ListingDetails",
    "ListingPage",
    "ListingStatus",
    "ListIntegrationsKindType0",
    "ListIntegrationsStateType0",
    "ListLeadsIntentType0",
    "ListNumbersStatusType0",
    "ListPlacedCallsStatusType0",
    "ListRunsStateType0",
    "ListTasksStatusType0",
    "ListTenantsStatusType0",
    "ListTicketsCategoryType0",
    "ListTicketsPriorityType0",
    "ListTicketsStatusType0",
    "MakeKey",
    "Message",
    "MonthView",
    "Move",
    "MustHave",
    "MustHaveField",
    "MustHaveOfItem",
    "Names",
    "NewKeyView",
    "NewRequest",
    "NewRequestKind",
    "NewWebhook",
    "NotedFile",
    "NoticeView",
    "Number",
    "NumberNew",
    "NumberPage",
    "NumberStatus",
    "OneCode",
    "Opening",
    "OpeningChannel",
    "OtherHours",
    "Outbound",
    "OutboundChange",
    "OutboundChangeVoicemailType0",
    "OutboundVoicemail",
    "OwnQuestion",
    "OwnQuestionOfItem",
    "OwnQuestionType",
    "PageKeyView",
    "PageUserView",
    "PersonalData",
    "PersonalDataTables",
    "PersonalDataTablesAdditionalPropertyItem",
    "PlacedCall",
    "PlacedCalls",
    "PlanChangeBody",
    "PlanChangeBodyPlan",
    "PlanChangeBodyWhen",
    "PlanView",
    "PlanViewDirection",
    "PlanViewStatus",
    "PreviewOpeningChannel",
    "Problem",
    "Proof",
    "ProofAndCode",
    "Provisioned",
    "ProvisionRequest",
    "Question",
    "ReceiptView",
    "RecoveryCodes",
    "Replay",
    "Replayed",
    "ReplyNew",
    "Retried",
    "Rollback",
    "Rotate",
    "Routing",
    "RoutingExplained",
    "RoutingRule",
    "RoutingRuleWhen",
    "Rules",
    "RulesCompliance",
    "RulesCriteria",
    "RulesFollowUpItem",
    "RulesHotRule",
    "RulesLint",
    "RulesLintProblems",
    "RulesNew",
    "RulesNewCriteria",
    "RulesNewRecordingType0",
    "RulesRouting",
    "RunPage",
    "RunSummary",
    "RunSummaryProblemType0",
    "RunView",
    "RunViewChecks",
    "RunViewLeftToDoItem",
    "RunViewProblemType0",
    "Said",
    "SessionView",
    "SessionViewKind",
    "SignIn",
    "StandingView",
    "StepView",
    "StepViewDetail",
    "StepViewName",
    "SupportView",
    "SupportViewFirstAnswerHours",
    "Task",
    "TaskChange",
    "TaskChangeStatus",
    "TaskNew",
    "TaskPage",
    "TaskStatus",
    "TaskView",
    "TaskViewKind",
    "Tenant",
    "TenantAgent",
    "TenantAgentHours",
    "TenantAgentTransferTargetsItem",
    "TenantChange",
    "TenantMember",
    "TenantPage",
    "TenantRules",
    "TenantRulesCompliance",
    "TenantRulesCriteria",
    "TenantRulesFollowUpItem",
    "TenantRulesHotRule",
    "TenantRulesRouting",
    "TenantStatus",
    "Ticket",
    "TicketChange",
    "TicketChangeCategory",
    "TicketChangePriority",
    "TicketChangeStatus",
    "TicketNew",
    "TicketNewCategory",
    "TicketNewPriority",
    "TicketPage",
    "TicketReply",
    "TicketStatus",
    "TicketSummary",
    "TicketSummaryStatus",
    "Told",
    "ToolView",
    "ToolViewArguments",
    "TooMuchView",
    "ToRing",
    "Transcript",
    "TransferTarget",
    "Turn",
    "TurnLatency",
    "TurnRole",
    "TurnToolsItem",
    "TurnView",
    "TurnViewLatency",
    "TurnViewToolsItem",
    "UsageView",
    "UsageViewLinesInUse",
    "UserView",
    "UserViewRole",
    "UserViewStatus",
    "VoicePreferences",
    "WaitingView",
    "WayView",
    "WayViewChannel",
    "Webhook",
    "WebhookChange",
    "WebhookPage",
    "Why",
)
