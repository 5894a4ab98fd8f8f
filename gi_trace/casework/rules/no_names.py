"""Words that begin like a name and are none. Data; goods are known by the names of products and materials, too."""

# Whatever follows them.
GOODS = frozenset(
    (
        "陈皮 陈化 陈旧 陈列 陈货 陈酿 陈述 金桔 金额 金钱 黄金 黄色 黄皮 黄酒 白酒 白茶 白色 白糖 马蹄 牛皮 牛奶 龙眼 "
        "梅菜 温度"
    ).split()
)
# Alone, or before a word of grammar.
SPEECH = frozenset(
    (
        "余下 余款 余额 余货 余量 余地 于是 于此 任何 任意 任务 任由 方便 方式 方法 方面 万元 万斤 万一 钱款 钟头 施工 "
        "连续 连同 高兴 高价 高温 古法 白天 白条 许多 许可 章程 章节 马上 马路 池塘 田地 林地 石头 雷同 康复 洪水 柳州 "
        "邢台 莫名 何处 何时 何人 何种 程度 程序 严重 严格 严禁 范围 向来 向其 向我 陆续 陆路 史上 陈年 江门 江海 江西 "
        "江苏 罗坑 古井 司前 黄埔 龙门 龙江 白云 石岐"
    ).split()
)
GRAMMAR = "的了和与及在为是等按已被约共都也各由对向到地得过将把给"
# What stands beside a person's facts in a form or a letter.
FORM = frozenset(
    (
        "姓名 名字 称呼 电话 手机 号码 电话号码 手机号 手机号码 联系 联系电话 联系方式 微信 微信号 邮箱 电子邮箱 邮件 "
        "地址 住址 住所 家庭住址 联系地址 通讯地址 身份证 身份证号 身份证号码 证件号 证件号码 性别 单位 职业 年龄 匿名 "
        "实名 保密 不详 本人 他人 家住 现住 住在 不便透露 不愿透露 先生 女士 小姐 "
        "同上 同号 谢谢 您好 你好 上午 下午 晚上 周末 市民 居民 网友 朋友 工作时间"
    ).split()
)
# Words of papers and laws, which an informant may have written too.
OF_PAPERS = frozenset(
    "罚款 没收 违法 所得 违法所得 责令 改正 责令改正 处罚 行政处罚 决定 不予 物品 证据 事实 依据 规定 文号 编号 "
    "商标 商标法 商标权 产品质量法 质量法 食品安全法 食品 安全 反不正当竞争法 电子商务法 行政处罚法 消费者权益保护法 "
    "地理标志 标志 专用标志 标识 标签 包装 二维码 批次 批号 产地 产品 商品 假冒 伪造 假货 真品 年份 重量 净含量 "
    "公司 企业 商家 商户 店铺 网店 直播间 平台 市场 工厂 仓库 职工 员工 同事 经营者 当事人 消费者 顾客 买家 卖家 "
    "市场监督管理局 市监局 执法 检查 现场 立案 结案 举报 投诉 反映 匿名 保密 不公开 退款 赔偿 调解 没有 不留".split()
)
