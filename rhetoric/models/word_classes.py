"""Words that hint at what a sentence does, by class: who, when, how much, compared with what. Our own lists.

A word may be in several classes. The reader learns from coded speeches what each class is worth.
"""

ZH: dict[str, str] = {
    "i": "我 本人 我自己",
    "we": "我们 咱们 咱",
    "you": "你 你们 您 大家 各位 朋友 朋友们 在座 观众 同学们 诸位",
    "he": "他 她 他们 她们 人家 对方",
    "it": "它 它们 这款 这个 这台 这种",
    "past": (
        "当时 那时 那时候 那年 那天 那一年 那一天 曾经 以前 从前 后来 当年 昨天 去年 前年 终于 结果 "
        "第二天 那个时候 当天 年前 最后 于是 有一次 有一天 随后 当晚 早上 晚上 刚 起初 毕业 一次 那个 "
        "突然 时候"
    ),
    "done": "了 过 完 到",
    "time": "年 月 日 号 天 小时 周 星期 月份",
    "unit": (
        "毫米 英寸 克 赫兹 毫安 毫安时 像素 分钟 秒 瓦 度 公里 毫秒 倍 兆 核 纳米 升 寸 毫升 GB G TB "
        "K Hz W mm nm mAh"
    ),
    "price": "元 块 块钱 售价 价格 定价 便宜 贵 性价比 价 免费 起售价 优惠",
    "figures": (
        "亿 万 百分之 营收 收入 利润 销量 增长 市场 份额 出货量 用户 销售额 员工 门店 投资 市值 家 "
        "增长率 规模 亿元 亿美元 占 超过 百万 千万"
    ),
    "compare": (
        "比 更 最 第一 领先 上一代 相比 竞品 友商 同类 首 首款 首个 唯一 顶级 旗舰 翻倍 提升 相当于 "
        "远远 最好 最大 最快 更好 更快 快 强 越"
    ),
    "product": (
        "手机 屏幕 相机 摄像头 电池 芯片 系统 功能 设计 支持 应用 软件 性能 版本 处理器 内存 产品 "
        "技术 界面 设备 电脑 平板 手表 照片 视频 拍照 充电 算法 平台 接口 模型 数据 开发者 使用 采用 "
        "搭载 模式"
    ),
    "question": "吗 呢 为什么 怎么 如何 什么 谁 哪 哪里 怎么样 怎样 多少 是不是 有没有 吧",
    "thanks": "谢谢 感谢 感激 谢",
    "hall": "掌声 鼓掌 欢迎 大家好 晚上好 早上好 下午好 现场 举手",
    "agenda": (
        "接下来 下面 首先 今天 介绍 有请 第一个 第二个 第三个 看看 一起 现在 演示 开始 最后 分享 聊 "
        "讲"
    ),
    "not": "不 没有 没 别 不是 不要 不能 不会",
    "belief": (
        "希望 相信 梦想 坚持 使命 愿景 价值 永远 人生 世界 未来 时代 意义 勇气 努力 成功 失败 理想 "
        "信念 价值观 初心 精神 真正 本质 社会 文化 战略"
    ),
    "feel": "觉得 感觉 难受 高兴 激动 害怕 焦虑 痛苦 心里 哭 感动 压力 紧张 开心 迷茫",
    "think": "认为 想 知道 发现 明白 意识 决定 理解 记得",
    "say": "说 告诉 问 讲 电话 聊 回答 跟 对",
    "must": "应该 必须 要 需要 得 一定 能 可以 可能 会 只有 才 就是",
    "team": "团队 公司 同事 工程师 创业 创始人 办公室 员工 项目 研发 会议 开会 老板 客户",
    "person": "先生 女士 老师 同学 孩子 妈妈 爸爸 母亲 父亲 女儿 儿子 朋友 司机 医生 学生 老人 教授",
    "if": "如果 假如 只要 无论 每 每个 每次 任何 所有 往往 总是 因为 所以",
}

EN: dict[str, str] = {
    "i": "i me my myself mine i'm i've i'd i'll",
    "we": "we us our ours ourselves we've we're we'll we'd",
    "you": "you your yours you've you're you'll everyone everybody folks guys",
    "he": "he she they him her them his their he's she's they're who",
    "it": "it its this these it's that's",
    "past": (
        "ago yesterday then once when later finally before after until while during back morning "
        "night day year years week months suddenly eventually last first earlier"
    ),
    "did": (
        "was were had did went came said told got made took began started became found saw thought "
        "knew gave asked called left felt built decided wrote sat stood ran lost won met brought "
        "bought sent kept held tried"
    ),
    "time": (
        "january february march april may june july august september october november december monday "
        "friday spring summer fall winter today tonight"
    ),
    "unit": (
        "inch inches millimeters mm pounds ounces hours minutes gigabytes gb tb ghz pixels megapixels "
        "watts miles nanometers milliseconds seconds cores tokens mah nits hertz terabytes gigabits x "
        "times degrees"
    ),
    "price": "$ dollars price priced cost costs free cheaper affordable dollar cents subscription",
    "figures": (
        "million billion percent revenue sales market share customers users developers growth "
        "trillion stores employees quarter countries sold profit % investment thousand downloads "
        "adoption growing"
    ),
    "compare": (
        "than more most best better faster fastest first only largest biggest smaller thinner lighter "
        "twice compared previous leading every ever never unprecedented competitors generation "
        "greatest easiest"
    ),
    "product": (
        "app apps phone iphone screen camera battery chip system feature features design support "
        "software performance version processor memory product technology interface device devices "
        "photos video api model models data platform code mac ios android cloud web search gpu agent "
        "agents tools user tap swipe click"
    ),
    "question": "? what why how who where which whose",
    "thanks": "thank thanks grateful appreciate",
    "hall": (
        "welcome applause please hello hi morning hand clap audience stage ladies gentlemen good "
        "round"
    ),
    "agenda": (
        "next now let's let show look see here start talk turn move demo demonstrate introduce "
        "announce going today invite over"
    ),
    "not": "not no never don't doesn't can't won't isn't didn't nothing cannot without",
    "belief": (
        "believe hope dream future world life people human values mission freedom nation america "
        "courage peace together must why matters purpose success justice faith love god liberty "
        "country history"
    ),
    "feel": "felt feel afraid happy proud excited sad cry cried scared love loved worried joy pain",
    "think": "think know realized remember learned understand mean decided knew believe",
    "say": "said told asked says called tell say talking wrote",
    "must": "should must need can could would will might may have",
    "team": (
        "team company engineers founders startup office staff project lab partners hardware "
        "organization"
    ),
    "person": (
        "mother father mom dad son daughter friend teacher doctor child kid kids woman man boy girl "
        "brother wife husband president mr family parents"
    ),
    "if": "if because so whenever always often every any all unless",
}

EN_NUMBERS = frozenset((
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty",
    "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million", "billion", "trillion", "half", "third",
))

# Words that explain nothing to a user when shown as a reason, though they may have weighed.
PLAIN = {
    "zh": frozenset("的了是在和也就都很这那有个把对从到上下里中着地得又还而与及为被让给会能"),
    "en": frozenset((
        "the", "a", "an", "and", "or", "but", "of", "to", "in", "on", "at", "for", "with", "by", "from", "as", "is",
        "are", "was", "were", "be", "been", "it", "its", "that", "this", "these", "those", "there", "so", "do", "does",
        "did", "have", "has", "had", "not", "'s", "n't", "'re", "'ve", "'ll", "'d", "'m",
    )),
}
