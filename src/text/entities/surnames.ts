/** Chinese family names and what cannot stand in a given name. */

/** The 400 most common, which some 98 % of people have. */
const SINGLE =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬晁候雍普况郗佴';
const COMPOUND =
  '欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 西门 第五';

const SINGLES: ReadonlySet<string> = new Set(Array.from(SINGLE));
const COMPOUNDS: ReadonlySet<string> = new Set(COMPOUND.split(' '));

/** How many characters of the (folded) text at `at` are a family name: 2, 1, or 0 for none. */
export function surnameLength(text: string, at: number): 0 | 1 | 2 {
  if (COMPOUNDS.has(text.slice(at, at + 2))) return 2;
  return SINGLES.has(text.charAt(at)) ? 1 : 0;
}

/** Characters that no given name has. */
export const NOT_IN_NAMES: ReadonlySet<string> = new Set(
  Array.from(
    '你您我他她它的了吗呢吧啊呀哦嘛么没很都也还就这那哪什谁怎们请谢被把给跟与及或但呗哈喂退换货买卖费款钱单号价运寄快递店下吃喝到送收发不再最太',
  ),
);

/** Words that begin with a family name and are none. */
export const NOT_NAMES: ReadonlySet<string> = new Set(
  (
    '高兴 方便 安全 周末 周一 周二 周三 周四 周五 周六 周日 周天 时间 金额 钱包 何时 包邮 包裹 马上 黄色 白色 蓝色 金色 温度 任何 应该 常用 万一 解决 全部 ' +
    '全款 平台 商品 商家 商城 明天 明白 连接 容易 成功 关于 关闭 方法 方案 原因 原价 国庆 海外 计划 支付 支持 相同 相关 和好 和平 安装 安排 简单 费用 项目 文件 ' +
    '文字 华为 小米 苹果 成本 应用 查询 查看 查下 查到 管理 游戏 路上 车上 江苏 安徽 云南 海南 宁波 宁夏 南京 南方 乐意 乐观 强烈 满意 满减 花费 花呗 权限 ' +
    '平安 司机 师傅 程序 石头 毛病 毛巾 龙虾 牛奶 马桶 房间 房东 曲线 边上 丰富 皮肤 皮带 米饭 豆浆 巴士 索赔 宣传 初次 门口 门店 云端 白天 古代 祝好 祝福 童装 ' +
    '项链 左边 左右 左手 向左 向右 农历 阳历 时候 麦克 景点 党员 宫廷 冷门 席位 卫生 全新 全额 师范 荣誉 官方 官网 封面 谈谈 惠普 班级 原来 位置 海淘 花钱 盖子 练习 ' +
    '祖国 况且 尚未 单独 单位 游客 连续 应急 边框 封装 储存 易碎 易坏 施工 符合 关税 关机 简介 程度 石家庄 司法 向前 段时间 汤锅 温馨 康复 严重 严格 莫名 万能 付款 付费 ' +
    '高级 高清 高端 金属 黄金 白银 许可 许多 林业 何必 何况 徐州 罗马 唐装 田园 叶子 范围 沈阳 陆续 夏天 夏季 石油 钟头 秦皇岛 江西 段落 雷锋 陶瓷 顾客 顾问 毛衣 ' +
    '武汉 温州 文章 牛仔 章节 童鞋 盛夏 成都 成品 成为 路由器 管用 车间 米色 柏油 和谐 商量 明细 明年 明晚 明早 明日 池子 麻烦 官司 封口 乐器 南宁 燕麦 盘子 满额 区别 海鲜 ' +
    '花生 强行 帅气 盖章 平板 平时 计算 相机 相信 初始 门卡 云盘 容量 敬请 普通 任意 程控 高铁'
  ).split(' '),
);
