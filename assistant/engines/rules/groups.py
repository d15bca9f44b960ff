"""Sub-groups: a number said of some machines, a workshop or other firms is not the plant's."""

from __future__ import annotations

import re

from assistant.engines.rules.lexicon import any_of

PLANT = re.compile(
    r"全厂|全公司|一共|总共|拢共|合计|总计|所有|整个厂|总的|平均|加(?:到)?一(?:块|起)|加起来|台账|算下来|拢"
)
GROUP = any_of(
    r"空压|螺杆机|水泵|风机|冷却|冷水|冷冻|制氮|锅炉|空调|配电|变压器|[电水气]表|叉车|行车|天车|AGV|立体?库|穿梭车|堆垛|小车|货车|辅机|辅助|公用|环保|污水|搬运|运输|仓储|库[里房]|仓库",
    r"[注吹挤]塑机?|压铸|折弯|激光|焊接?机|冲床|车床|铣床|磨床|镗床|钻床|刨床|加工中心|机械手|机器人|织机|纺机|细纱|印刷机|包装机|贴标机|灌装|反应釜|球磨|[破粉]碎机|搅拌机|切割机|数控|[压打喷注轧冲剪]机",
    r"[一二三四五六七八九十两\d新老东西南北](?:号)?(?:个)?(?:车间|分厂|厂区|厂房|号线|产线|班组)|(?:装配|机加|铸造|包装|焊接|涂装|喷漆|冲压|总装|热处理|下料)(?:车间|线)",
    r"关键(?:设备|机)|重要(?:设备|机)|要紧的|核心设备|重点设备|进口|新(?:买|进|上|添|设备|机器|线)|(?:老|旧)(?:设备|机器|机床|线|的)|大件|大型",
    r"外头|外面|协作|外协|供应商|客户|上游|下游|国外|海外|他们|他家|人家|对方",
)
"""Kinds, places and owners of machines that are only some of a plant's."""


def of_a_group(text: str) -> bool:
    """True when words before a number say that it counts only some of the machines."""
    return GROUP.search(text) is not None and PLANT.search(text) is None
