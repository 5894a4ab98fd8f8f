"""The thirteen papers, and the facts that their templates name. Pure."""

from enum import StrEnum

from gi_trace.casework.rules.case_numbers import NumberKind
from gi_trace.errors import N_
from gi_trace.words import Worded


class CasePaperKind(Worded):
    """With what it is numbered by, and whether it goes out of the house; stored as the name of its template."""

    number: NumberKind
    goes_out: bool

    INSPECTION = "inspection", N_("现场检查笔录"), NumberKind.INSPECTION, False
    INTERVIEW = "interview", N_("询问笔录"), NumberKind.INTERVIEW, False
    PRESERVATION = "preservation", N_("先行登记保存证据通知书"), NumberKind.PRESERVATION, True
    GOODS_DECISION = "goods_decision", N_("先行登记保存证据处理决定书"), NumberKind.GOODS_DECISION, True
    CORRECTION = "correction", N_("责令改正通知书"), NumberKind.CORRECTION, True
    FILING = "filing", N_("立案审批表"), NumberKind.CASE, False
    PENALTY_NOTICE = "penalty_notice", N_("行政处罚告知书"), NumberKind.PENALTY_NOTICE, True
    HEARING_NOTICE = "hearing_notice", N_("行政处罚听证告知书"), NumberKind.HEARING_NOTICE, True
    DECISION = "decision", N_("行政处罚决定书"), NumberKind.DECISION, True
    SERVICE = "service", N_("送达回证"), NumberKind.SERVICE, True
    TRANSFER = "transfer", N_("案件移送函"), NumberKind.TRANSFER, True
    EXTENSION = "extension", N_("延长办案期限审批表"), NumberKind.EXTENSION, False
    CLOSING = "closing", N_("结案审批表"), NumberKind.CLOSING, False


class PaperWords(StrEnum):
    """Whose words something is told in: registered names, numbers and days; what anybody wrote, which may name persons
    and so is looked over before it leaves; or what the office says of itself."""

    FIXED = "fixed"
    FREE = "free"
    OFFICE = "office"


class PaperFact(Worded):
    """What a template may name in braces. `is_asked`: the case does not tell it, the officer does."""

    is_asked: bool
    words: PaperWords

    OFFICE = "office", N_("机关名称"), False, PaperWords.FIXED
    TODAY = "today", N_("签发日期"), False, PaperWords.FIXED
    LEAD_NUMBER = "lead_number", N_("线索编号"), False, PaperWords.FIXED
    SOURCE = "source", N_("案件来源"), False, PaperWords.FIXED
    RECEIVED_ON = "received_on", N_("线索收到日期"), False, PaperWords.FIXED
    TITLE = "title", N_("案由"), False, PaperWords.FREE
    WHAT = "what", N_("线索内容"), False, PaperWords.FREE
    CASE_NUMBER = "case_number", N_("立案编号"), False, PaperWords.FIXED
    FILED_ON = "filed_on", N_("立案日期"), False, PaperWords.FIXED
    FILING_REASON = "filing_reason", N_("立案理由"), False, PaperWords.FREE
    RESPONDENT = "respondent", N_("当事人"), False, PaperWords.FIXED
    RESPONDENT_CODE = "respondent_code", N_("社会信用代码或证照号"), False, PaperWords.FIXED
    RESPONDENT_ADDRESS = "respondent_address", N_("地址"), False, PaperWords.FREE
    OFFENCE = "offence", N_("涉嫌违法行为"), False, PaperWords.FIXED
    CLAUSE = "clause", N_("违反的条款"), False, PaperWords.FIXED
    OFFICERS = "officers", N_("办案人员及执法证号"), False, PaperWords.FIXED
    VALUE = "value", N_("货值"), False, PaperWords.FIXED
    CHECKED_AT = "checked_at", N_("检查时间"), False, PaperWords.FIXED
    PLACE = "place", N_("检查地点"), False, PaperWords.FREE
    CHECKERS = "checkers", N_("检查人员及执法证号"), False, PaperWords.FIXED
    SEEN = "seen", N_("现场情况"), False, PaperWords.FREE
    STATEMENT = "statement", N_("当事人现场陈述"), False, PaperWords.FREE
    SUPPLIER = "supplier", N_("供货来源"), False, PaperWords.FREE
    KEPT_ON = "kept_on", N_("登记保存日期"), False, PaperWords.FIXED
    KEPT_UNTIL = "kept_until", N_("登记保存期限"), False, PaperWords.FIXED
    OUTCOME = "outcome", N_("登记保存物品的处理"), False, PaperWords.FIXED
    OUTCOME_REASON = "outcome_reason", N_("处理理由和去向"), False, PaperWords.FREE
    FACTS = "facts", N_("违法事实"), False, PaperWords.FREE
    STATEMENT_TERM = "statement_term", N_("陈述、申辩期限"), False, PaperWords.FIXED
    HEARING_TERM = "hearing_term", N_("要求听证的期限"), False, PaperWords.FIXED
    RESPONSE = "response", N_("当事人的陈述、申辩或听证"), False, PaperWords.FREE
    GROUND = "ground", N_("处罚依据"), False, PaperWords.FREE
    DECISION_TEXT = "decision_text", N_("决定内容与理由"), False, PaperWords.FREE
    PENALTIES = "penalties", N_("处罚内容"), False, PaperWords.FREE
    DECIDED_ON = "decided_on", N_("决定日期"), False, PaperWords.FIXED
    DECISION_NUMBER = "decision_number", N_("处罚决定书文号"), False, PaperWords.FIXED
    SERVED = "served", N_("送达情况"), False, PaperWords.FREE
    INTERVIEW_AT = "interview_at", N_("询问时间和地点"), True, PaperWords.FREE
    INTERVIEWED = "interviewed", N_("被询问人（姓名、性别、证件号、电话、职务）"), True, PaperWords.FREE
    INTERVIEW_TEXT = "interview_text", N_("询问和回答"), True, PaperWords.FREE
    KEPT_WHERE = "kept_where", N_("登记保存地点和方式"), True, PaperWords.FREE
    CORRECT_WHAT = "correct_what", N_("责令改正的内容"), True, PaperWords.FREE
    CORRECT_BY = "correct_by", N_("改正期限"), True, PaperWords.FREE
    PROPOSED = "proposed", N_("拟作出的处罚及理由、依据"), True, PaperWords.FREE
    CONTACT = "contact", N_("联系人、电话和地址"), True, PaperWords.OFFICE
    PAYMENT = "payment", N_("罚没款缴纳方式和期限"), True, PaperWords.OFFICE
    REVIEW = "review", N_("复议机关和起诉的法院"), True, PaperWords.OFFICE
    SERVED_PAPERS = "served_papers", N_("送达的文书和文号"), True, PaperWords.FREE
    SERVED_TO = "served_to", N_("受送达人"), True, PaperWords.FREE
    SERVED_HOW = "served_how", N_("送达方式和地点"), True, PaperWords.FREE
    TO_OFFICE = "to_office", N_("受移送机关"), True, PaperWords.OFFICE
    TRANSFER_REASON = "transfer_reason", N_("移送理由和依据"), True, PaperWords.FREE
    TERM_ENDS = "term_ends", N_("现办案期限"), False, PaperWords.FIXED
    EXTEND_BY = "extend_by", N_("申请延长的时间"), True, PaperWords.FREE
    EXTEND_WHY = "extend_why", N_("延长的理由"), True, PaperWords.FREE
    CLOSE_REASON = "close_reason", N_("结案理由和执行情况"), True, PaperWords.FREE


class PaperTable(Worded):
    """What a template may show as a table, with its columns (separated by spaces)."""

    columns: str
    words: PaperWords

    GOODS = "goods", N_("物品"), "序号 名称 规格或标示 数量 单价 货值 备注", PaperWords.FREE
    EVIDENCE = "evidence", N_("证据"), "序号 证据", PaperWords.FREE
    PHOTOS = "photos", N_("照片"), "序号 拍摄时间 拍摄人 SHA-256", PaperWords.FIXED
    SCANS = "scans", N_("扫码查验"), "序号 标识码或网址 手机结论 时间", PaperWords.FIXED
