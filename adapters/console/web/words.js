// Every word that the console shows, in both languages; one name a concept, those of docs/glossary.md.

const zh_en = {
  title: ["劝阻", "Quanzu"],
  queue: ["队列", "Queue"],
  results: ["结果", "Results"],
  token: ["访问令牌", "Access token"],
  sign_in: ["登录", "Sign in"],
  sign_out: ["退出", "Sign out"],
  sign_in_hint: ["管理员用 quanzud user add 建立账号，令牌只显示一次。令牌只保存在本标签页，关闭即失效。", "An administrator makes accounts with quanzud user add; the token is shown once. It is kept in this tab alone."],
  session_over: ["登录已失效，请重新登录。已填写的内容会保留。", "Your session is over. Sign in again; what you have typed is kept."],
  wrong_token: ["令牌无效，或账号已停用。", "The token is unknown, or its account is disabled."],
  no_room: ["控制台里还没有这个角色的页面。", "The console has no room for this role yet."],
  loading: ["正在读取…", "Loading…"],
  link_lost: ["与服务器断开。页面上是 {at} 的数据，正在重连；已提交的操作会自动重发。", "The server can't be reached. This is what it said at {at}; trying again, and what you sent is sent again."],
  not_serving: ["服务器暂时只读：{why}", "The server takes no changes now: {why}"],
  link_up: ["实时", "live"],
  link_down: ["断开", "down"],
  manual_clock: ["手动时钟：演练，不是实战", "Manual clock: an exercise"],
  language: ["EN", "中文"],
  open_cases: ["在办", "Open"],
  waiting: ["待领取", "Waiting"],
  overdue: ["超时", "Overdue"],
  longest: ["最久", "longest"],
  mine: ["我的", "Mine"],
  today: ["今日结案", "Today"],
  none: ["无", "none"],
  queue_order: ["按风险等级、再按时限排序", "By level, then by deadline"],
  queue_empty: ["没有在办案件。新案件会自动出现。", "No case is open. New ones appear by themselves."],
  more: ["显示更多", "Show more"],
  claim_next: ["领取下一个", "Claim next"],
  nothing_waits: ["现在没有等待领取的任务。", "Nothing waits to be claimed."],
  claim: ["领取", "Claim"],
  renew: ["延长", "Extend"],
  release: ["退回队列", "Put back"],
  pick_case: ["从左侧选择案件，或按 F2 领取下一个。", "Choose a case at the left, or claim the next with F2."],
  case_gone: ["没有这个案件。", "There is no such case."],
  points: ["分", "points"],
  born: ["{year} 年生", "born {year}"],
  reasons: ["为什么", "Why"],
  no_reasons: ["没有记录原因。", "No reason is recorded."],
  peer: ["对方", "peer"],
  tasks: ["任务", "Tasks"],
  attempts: ["处置记录", "Attempts"],
  no_attempts: ["还没有联系过。", "Nobody has tried yet."],
  follow_ups: ["回访", "Follow-ups"],
  closing: ["结案", "Closing"],
  truth: ["真实性", "Truth"],
  by: ["经办", "by"],
  second_person: ["复核人（值班长账号）", "Second person (a supervisor's account)"],
  proof: ["证明", "Proof"],
  due: ["时限", "due"],
  lease: ["占用至", "held until"],
  opened: ["立案", "opened"],
  lead: ["主办", "lead"],
  reopened: ["重开 {n} 次", "reopened {n}×"],
  record: ["记录结果", "Record the result"],
  result: ["结果", "Result"],
  identity: ["身份核实", "Identity"],
  line_cut: ["已断开联系：通话结束、共享和远程关闭、呼叫转移取消、对方拉黑", "Line cut: call ended, sharing and remote control off, forwarding cancelled, peer blocked"],
  stopped_by: ["谁劝止的", "Stopped by"],
  note: ["备注", "Note"],
  save: ["保存", "Save"],
  close_case: ["结案", "Close the case"],
  reason: ["原因", "Reason"],
  feed_back: ["反馈预警指令", "Answer the instruction"],
  action: ["处置", "Action"],
  feedback_text: ["反馈内容", "What was done, in words"],
  record_follow_up: ["记录回访", "Record the follow-up"],
  verdict: ["结论", "Verdict"],
  loss_yuan: ["损失（元）", "Loss in yuan"],
  source: ["来源", "Source"],
  choose: ["请选择", "choose"],
  choose_result: ["先选择结果。", "Choose a result first."],
  refused: ["服务器未接受", "The server refused it"],
  conflict: ["有人抢先一步，现由 {owner} 办理。已读取最新内容。", "Somebody was faster: {owner} has it now. This is the newest state."],
  offline: ["没有送达：连接断开。请重试。", "Not delivered: the link is down. Try again."],
  lease_lost: ["占用已到期，任务已回到队列。重新领取后再保存，已填写的内容还在。", "Your hold on the task has ended and it is back in the queue. Claim it again to save; what you typed is kept."],
  saved: ["已保存。", "Saved."],
  measure: ["指标", "Measure"],
  count: ["人数", "n/N"],
  value: ["数值", "Value"],
  interval: ["95% 区间", "95% interval"],
  bounds: ["边界", "Bounds"],
  immature: ["未到期", "Immature"],
  excluded: ["剔除", "Left out"],
  small: ["不足 20，只看人数", "under 20: counts alone"],
  as_of: ["截至", "as of"],
  own_work: ["只含本人办理的案件。", "Your own work alone."],
  group_by: ["分组", "By"],
  no_group: ["不分组", "all"],
  no_measures: ["还没有数据。", "There is nothing to measure yet."],
  results_note: ["这些数字都不是“效果”：没有对照组，也不会为了对照而不劝阻。", "None of these is an effect: there is no control group, and outreach is never withheld to get one."],
  definition: ["定义", "Definition"],
  show_behind: ["查看案件", "show the cases"],
  behind: ["{side}：{n} 件", "{side}: {n}"],
};

const enumerations = {
  level: { critical: "特高危", high: "高", medium: "中", low: "低", none: "–" },
  state: { open: "在办", closed: "已结", following_up: "回访中", settled: "已了结" },
  task_state: { waiting: "等待", claimed: "已领取", under_way: "进行中", done: "完成", cancelled: "取消" },
  task: { call: "电话劝阻", message: "短信", visit: "上门见面", family: "家属协助", stop_payment: "止付", line_block: "保护性停机", feedback: "反馈", follow_up: "回访" },
  fraud: { brushing: "刷单返利", investment: "虚假投资理财", shopping: "虚假购物服务", fake_support: "冒充电商物流客服", loan: "虚假贷款", credit: "虚假征信", impersonate_leader: "冒充领导熟人", impersonate_police: "冒充公检法", dating: "网络婚恋交友", game_trade: "网络游戏交易", none: "类型未定" },
  stage: { hook: "引流", grooming: "洗脑", screen: "装软件共享屏幕", transfer: "转账" },
  result: { reached: "已接通本人", no_answer: "无人接听", busy: "占线", busy_with_suspect: "正与嫌疑人通话", refused: "拒听", disbelieves: "不相信", feigned_agreement: "假意答应", powered_off: "关机", forwarded: "呼叫转移", wrong_speaker: "非本人接听", family_reached: "联系到家属", callback_asked: "要求回电", bad_number: "空号", met: "已见面", no_one: "家中无人", door_refused: "拒不开门", found_elsewhere: "在他处找到", moved: "已搬离", aggressive: "对抗", not_safe: "不宜上门" },
  identity: { question: "核对问题", called_back: "本人回拨", face_to_face: "当面核实" },
  stopper: { operator: "劝阻员", visitor: "上门人员", police: "民警", bank: "银行", family: "家属", self: "本人" },
  closing: { dissuaded: "已劝止", stop_payment: "已转账·紧急止付", self_recognised: "自行识破", lost_before_warning: "预警前已被骗", false_alarm: "误报", wrong_user: "机主非使用人", transferred_away: "已移交", exhausted: "无法联系" },
  verdict: { no_loss: "无损失", loss: "有损失", unknown: "不明" },
  truth: { confirmed: "属实", refuted: "不属实", undetermined: "无法判定" },
  source: { resident: "本人", family: "家属", bank: "银行", police_report: "报警记录" },
  action: { signed: "已签收", contacted: "已联系", met: "已见面", returned: "退回" },
  role: { operator: "劝阻员", field_worker: "上门人员", dispatcher: "调度员", supervisor: "值班长", author: "规则编写员", approver: "规则审批员", auditor: "审计员", admin: "管理员", wall: "大屏", feed: "数据源" },
  measure: { protected_rate: "保护率", dissuasion_success_rate: "劝阻成功率", reach_rate: "触达率", lost_after_warning_rate: "预警后被骗率", false_alarm_rate: "误报率", closed_loop_rate: "闭环率", time_to_first_contact_s: "首次联系用时（中位）", time_to_first_contact_p90_s: "首次联系用时（90%）", time_to_reach_s: "触达用时（中位）", time_to_reach_p90_s: "触达用时（90%）" },
  exclusion: { lost_before_warning: "预警前已被骗", transferred_away: "已移交" },
  side: { numerator: "分子", denominator: "分母", immature: "未到期", excluded: "剔除" },
  group: { area: "辖区", level: "等级", fraud_type: "类型", month: "月份" },
};

const kLanguage = "quanzu.language";
export let language = localStorage.getItem(kLanguage) === "en" ? "en" : "zh";
export function set_language(value) {
  language = value;
  localStorage.setItem(kLanguage, value);
  document.documentElement.lang = value === "en" ? "en" : "zh-CN";
}

export function t(key, values = {}) {
  const text = zh_en[key][language === "en" ? 1 : 0];
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

// A word of the API in the reader's language; a word that this console doesn't know stays as it is. An empty one is "none"
// where its kind has that.
export function word(kind, name) {
  const known = enumerations[kind][name || "none"];
  return language === "zh" && known ? known : String(name || (known ? "none" : "")).replaceAll("_", " ");
}
export const words_of = (kind) => Object.keys(enumerations[kind]);
