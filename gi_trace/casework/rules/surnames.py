"""Family names by which a name in a sentence is recognised. Pure.

The commonest ones of the mainland and of Guangdong; whoever has another is found by what stands around the name, or
by the officer who looks.
"""

COMPOUND_SURNAMES = ("欧阳", "司徒", "上官", "诸葛", "司马", "东方", "皇甫", "慕容", "令狐", "尉迟", "夏侯")
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付傅方白邹孟熊秦邱丘江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤区欧伍关冼甄容司简岑招霍"
    "梅凌植劳麦苗翁庄柯温古赖骆庞利池连卓巫阮聂焦柳邢章康施牛洪齐"
)
