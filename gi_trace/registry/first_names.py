"""Names that come with the service in traditional Chinese and English: products, materials, places.

English names are those under which the products are known abroad; places are in pinyin without tones.
"""

# Chinese, in traditional characters as Hong Kong writes them, English
NAMES = """
新会陈皮|新會陳皮|Xinhui Chenpi (aged tangerine peel)
新会柑|新會柑|Xinhui Gan (tangerine)
台山大米|台山大米|Taishan Rice
柑皮|柑皮|Tangerine peel (not yet aged)
茶枝柑|茶枝柑|Chazhi tangerine
茶枝柑鲜果|茶枝柑鮮果|Fresh Chazhi tangerines
干柑皮|乾柑皮|Dried tangerine peel
水稻|水稻|Rice
稻谷|稻穀|Paddy
大米|大米|Milled rice
江门市市场监督管理局|江門市市場監督管理局|Jiangmen Administration for Market Regulation
江门市市场监督管理局（演示）|江門市市場監督管理局（示範）|Jiangmen Administration for Market Regulation (demo)
新会区农学会|新會區農學會|Xinhui District Agricultural Society
会城|會城|Huicheng
会城街道|會城街道|Huicheng
大泽|大澤|Daze
大泽镇|大澤鎮|Daze
司前|司前|Siqian
司前镇|司前鎮|Siqian
罗坑|羅坑|Luokeng
罗坑镇|羅坑鎮|Luokeng
双水|雙水|Shuangshui
双水镇|雙水鎮|Shuangshui
崖门|崖門|Yamen
崖门镇|崖門鎮|Yamen
沙堆|沙堆|Shadui
沙堆镇|沙堆鎮|Shadui
古井|古井|Gujing
古井镇|古井鎮|Gujing
三江|三江|Sanjiang
三江镇|三江鎮|Sanjiang
睦洲|睦洲|Muzhou
睦洲镇|睦洲鎮|Muzhou
大鳌|大鰲|Da'ao
大鳌镇|大鰲鎮|Da'ao
围垦指挥部|圍墾指揮部|Weiken (Yinhu Bay)
银湖湾|銀湖灣|Yinhu Bay
圭峰区|圭峰區|Guifeng
江门市|江門市|Jiangmen
江门|江門|Jiangmen
蓬江区|蓬江區|Pengjiang
江海区|江海區|Jianghai
新会区|新會區|Xinhui
新会|新會|Xinhui
台山市|台山市|Taishan
台山|台山|Taishan
开平市|開平市|Kaiping
鹤山市|鶴山市|Heshan
恩平市|恩平市|Enping
广州市|廣州市|Guangzhou
深圳市|深圳市|Shenzhen
珠海市|珠海市|Zhuhai
汕头市|汕頭市|Shantou
佛山市|佛山市|Foshan
韶关市|韶關市|Shaoguan
湛江市|湛江市|Zhanjiang
肇庆市|肇慶市|Zhaoqing
茂名市|茂名市|Maoming
惠州市|惠州市|Huizhou
梅州市|梅州市|Meizhou
汕尾市|汕尾市|Shanwei
河源市|河源市|Heyuan
阳江市|陽江市|Yangjiang
清远市|清遠市|Qingyuan
东莞市|東莞市|Dongguan
中山市|中山市|Zhongshan
潮州市|潮州市|Chaozhou
揭阳市|揭陽市|Jieyang
云浮市|雲浮市|Yunfu
钦州市|欽州市|Qinzhou
玉林市|玉林市|Yulin
北京市|北京市|Beijing
上海市|上海市|Shanghai
天津市|天津市|Tianjin
重庆市|重慶市|Chongqing
石家庄市|石家莊市|Shijiazhuang
太原市|太原市|Taiyuan
呼和浩特市|呼和浩特市|Hohhot
沈阳市|瀋陽市|Shenyang
大连市|大連市|Dalian
长春市|長春市|Changchun
哈尔滨市|哈爾濱市|Harbin
南京市|南京市|Nanjing
苏州市|蘇州市|Suzhou
杭州市|杭州市|Hangzhou
宁波市|寧波市|Ningbo
合肥市|合肥市|Hefei
福州市|福州市|Fuzhou
厦门市|廈門市|Xiamen
南昌市|南昌市|Nanchang
济南市|濟南市|Jinan
青岛市|青島市|Qingdao
郑州市|鄭州市|Zhengzhou
武汉市|武漢市|Wuhan
长沙市|長沙市|Changsha
南宁市|南寧市|Nanning
海口市|海口市|Haikou
成都市|成都市|Chengdu
贵阳市|貴陽市|Guiyang
昆明市|昆明市|Kunming
拉萨市|拉薩市|Lhasa
西安市|西安市|Xi'an
兰州市|蘭州市|Lanzhou
西宁市|西寧市|Xining
银川市|銀川市|Yinchuan
乌鲁木齐市|烏魯木齊市|Urumqi
河北省|河北省|Hebei
山西省|山西省|Shanxi
内蒙古自治区|內蒙古自治區|Inner Mongolia
辽宁省|遼寧省|Liaoning
吉林省|吉林省|Jilin
黑龙江省|黑龍江省|Heilongjiang
江苏省|江蘇省|Jiangsu
浙江省|浙江省|Zhejiang
安徽省|安徽省|Anhui
福建省|福建省|Fujian
江西省|江西省|Jiangxi
山东省|山東省|Shandong
河南省|河南省|Henan
湖北省|湖北省|Hubei
湖南省|湖南省|Hunan
广东省|廣東省|Guangdong
广西壮族自治区|廣西壯族自治區|Guangxi
海南省|海南省|Hainan
四川省|四川省|Sichuan
贵州省|貴州省|Guizhou
云南省|雲南省|Yunnan
西藏自治区|西藏自治區|Tibet
陕西省|陝西省|Shaanxi
甘肃省|甘肅省|Gansu
青海省|青海省|Qinghai
宁夏回族自治区|寧夏回族自治區|Ningxia
新疆维吾尔自治区|新疆維吾爾自治區|Xinjiang
台湾省|台灣省|Taiwan
香港特别行政区|香港特別行政區|Hong Kong
澳门特别行政区|澳門特別行政區|Macao
"""


ROWS = [line.split("|") for line in NAMES.strip().splitlines()]
FIRST_NAMES = {("zh-Hant", chinese): traditional for chinese, traditional, _ in ROWS}
FIRST_NAMES |= {("en", chinese): english for chinese, _, english in ROWS}
