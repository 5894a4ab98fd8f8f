"""The thirteen papers, and the facts that their templates name. Pure."""

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


class PaperFact(Worded):
    """What a template may name in braces. `is_asked`: the case does not tell it, the officer does."""

    is_asked: bool

    OFFICE = "office", N_("机关名称"), False
    TODAY = "today", N_("签发日期"), False
    LEAD_NUMBER = "lead_number", N_("线索编号"), False
    SOURCE = "source", N_("案件来源"), False
    RECEIVED_ON = "received_on", N_("线索收到日期"), False
    TITLE = "title", N_("案由"), False
    WHAT = "what", N_("线索内容"), False
    CASE_NUMBER = "case_number", N_("立案编号"), False
    FILED_ON = "filed_on", N_("立案日期"), False
    FILING_REASON = "filing_reason", N_("立案理由"), False
    RESPONDENT = "respondent", N_("当事人"), False
    RESPONDENT_CODE = "respondent_code", N_("社会信用代码或证照号"), False
    RESPONDENT_ADDRESS = "respondent_address", N_("地址"), False
    OFFENCE = "offence", N_("涉嫌违法行为"), False
    CLAUSE = "clause", N_("违反的条款"), False
    OFFICERS = "officers", N_("办案人员及执法证号"), False
    VALUE = "value", N_("货值"), False
    CHECKED_AT = "checked_at", N_("检查时间"), False
    PLACE = "place", N_("检查地点"), False
    CHECKERS = "checkers", N_("检查人员及执法证号"), False
    SEEN = "seen", N_("现场情况"), False
    STATEMENT = "statement", N_("当事人现场陈述"), False
    SUPPLIER = "supplier", N_("供货来源"), False
    KEPT_ON = "kept_on", N_("登记保存日期"), False
    KEPT_UNTIL = "kept_until", N_("登记保存期限"), False
    OUTCOME = "outcome", N_("登记保存物品的处理"), False
    OUTCOME_REASON = "outcome_reason", N_("处理理由和去向"), False
    FACTS = "facts", N_("违法事实"), False
    STATEMENT_TERM = "statement_term", N_("陈述、申辩期限"), False
    HEARING_TERM = "hearing_term", N_("要求听证的期限"), False
    RESPONSE = "response", N_("当事人的陈述、申辩或听证"), False
    GROUND = "ground", N_("处罚依据"), False
    DECISION_TEXT = "decision_text", N_("决定内容与理由"), False
    PENALTIES = "penalties", N_("处罚内容"), False
    DECIDED_ON = "decided_on", N_("决定日期"), False
    DECISION_NUMBER = "decision_number", N_("处罚决定书文号"), False
    SERVED = "served", N_("送达情况"), False
    INTERVIEW_AT = "interview_at", N_("询问时间和地点"), True
    INTERVIEWED = "interviewed", N_("被询问人（姓名、性别、证件号、电话、职务）"), True
    INTERVIEW_TEXT = "interview_text", N_("询问和回答"), True
    KEPT_WHERE = "kept_where", N_("登记保存地点和方式"), True
    CORRECT_WHAT = "correct_what", N_("责令改正的内容"), True
    CORRECT_BY = "correct_by", N_("改正期限"), True
    PROPOSED = "proposed", N_("拟作出的处罚及理由、依据"), True
    CONTACT = "contact", N_("联系人、电话和地址"), True
    PAYMENT = "payment", N_("罚没款缴纳方式和期限"), True
    REVIEW = "review", N_("复议机关和起诉的法院"), True
    SERVED_PAPERS = "served_papers", N_("送达的文书和文号"), True
    SERVED_TO = "served_to", N_("受送达人"), True
    SERVED_HOW = "served_how", N_("送达方式和地点"), True
    TO_OFFICE = "to_office", N_("受移送机关"), True
    TRANSFER_REASON = "transfer_reason", N_("移送理由和依据"), True
    TERM_ENDS = "term_ends", N_("现办案期限"), False
    EXTEND_BY = "extend_by", N_("申请延长的时间"), True
    EXTEND_WHY = "extend_why", N_("延长的理由"), True
    CLOSE_REASON = "close_reason", N_("结案理由和执行情况"), True


class PaperTable(Worded):
    """What a template may show as a table, with its columns (separated by spaces)."""

    columns: str

    GOODS = "goods", N_("物品"), "序号 名称 规格或标示 数量 单价 货值 备注"
    EVIDENCE = "evidence", N_("证据"), "序号 证据"
    PHOTOS = "photos", N_("照片"), "序号 拍摄时间 拍摄人 SHA-256"
    SCANS = "scans", N_("扫码查验"), "序号 标识码或网址 手机结论 时间"
