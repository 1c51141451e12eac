/** One message of a script, and what its answer must hold for the run to count. */
export interface Said {
  readonly text: string;
  readonly answer: RegExp;
}

/** What is measured. */
export type Workload = 'echo' | 'faq' | 'waterfall';

/** Their names, in the order of the table. */
export const WORKLOADS: readonly Workload[] = ['echo', 'faq', 'waterfall'];

const small: readonly Said[] = ['你好', 'hello', '谢谢', 'thank you'].map((text) => ({
  text,
  answer: /./u,
}));

/** None of these stands word for word in the knowledge files: each is classified and searched for. */
const questions: readonly Said[] = [
  { text: '请问一般要几天才能收到货', answer: /2–4/u },
  { text: 'how long does delivery usually take please', answer: /2–4/u },
  { text: '请问你们满多少钱包邮啊', answer: /99/u },
  { text: 'tell me how much is shipping', answer: /99/u },
];

function form(begin: string, ...answers: readonly string[]): readonly Said[] {
  const last = new RegExp(answers.join('.*'), 'u');
  return [begin, ...answers].map((text, i) => ({
    text,
    answer: i === answers.length ? last : /[?？]$/u,
  }));
}

const forms = [
  form('试用登记', '王小明', '杭州', '机械键盘', '深灰', '周末再寄'),
  form(
    'trial registration',
    'Ada Young',
    'Hangzhou',
    'Keyboard K3',
    'dark grey',
    'Send it on Monday',
  ),
];

/** The script of one conversation: half of them speak Chinese, half English where that matters. */
export function scriptOf(workload: Workload, conversation: number): readonly Said[] {
  if (workload === 'echo') return small;
  if (workload === 'faq') return questions;
  return forms[conversation % forms.length] ?? [];
}
