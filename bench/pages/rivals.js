// Those that are compared, in one tab: each does the same two things, and nothing measures itself.
// `sleep(branches)` gives a function that runs so many branches of 0.2 s; `calls(url)` makes the
// article's three calls and then one, on an API at that address.

import { RunnableLambda, RunnableParallel } from '@langchain/core/runnables';
import { ChatPromptTemplate } from '@langchain/core/prompts';
import { StringOutputParser } from '@langchain/core/output_parsers';
import { ChatOpenAI } from '@langchain/openai';
import init, { Fan, Logs, Tail, calls } from './engine.js';

const MILLIS = 200;
const TOPIC = 'The history of space exploration';

const SYSTEM = {
  summary: 'Summarize the topic in three sentences.',
  questions: 'Ask three questions about the topic that are worth a long answer.',
  key_terms: 'Name five to ten key terms of the topic, separated by commas.',
};
const SYNTHESIS = 'Write a comprehensive answer from what you are given.\n\nSummary: {summary}\n\n'
  + 'Related questions: {questions}\n\nKey terms: {key_terms}';

const wait = () => new Promise((resolve) => setTimeout(() => resolve('done'), MILLIS));

const converge = {
  sleep(branches) {
    const fan = new Fan(branches, MILLIS);
    return () => fan.run();
  },
  calls,
};

const promises = {
  sleep: (branches) => () => Promise.all(Array.from({ length: branches }, wait)),
  async calls(url) {
    const ask = async (system, user) => {
      const response = await fetch(`${url}/chat/completions`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: 'Bearer bench' },
        body: JSON.stringify({
          model: 'bench',
          messages: [{ role: 'system', content: system }, { role: 'user', content: user }],
        }),
      });
      return (await response.json()).choices[0].message.content;
    };
    const [summary, questions, terms] =
      await Promise.all(Object.values(SYSTEM).map((system) => ask(system, TOPIC)));
    return ask(
      SYNTHESIS.replace('{summary}', summary).replace('{questions}', questions)
        .replace('{key_terms}', terms),
      `Original topic: ${TOPIC}`,
    );
  },
};

const langchain = {
  sleep(branches) {
    const map = Object.fromEntries(
      Array.from({ length: branches }, (_, at) => [`task${at}`, RunnableLambda.from(wait)]));
    const fan = RunnableParallel.from(map);
    return () => fan.invoke({ topic: TOPIC });
  },
  async calls(url) {
    const model = new ChatOpenAI({
      model: 'bench',
      apiKey: 'bench',
      configuration: { baseURL: url, dangerouslyAllowBrowser: true },
    });
    const chain = (system, user) => ChatPromptTemplate
      .fromMessages([['system', system], ['human', user]])
      .pipe(model)
      .pipe(new StringOutputParser());
    const branches = Object.fromEntries(
      Object.entries(SYSTEM).map(([name, system]) => [name, chain(system, '{topic}')]));
    const fan = RunnableParallel.from({ ...branches, topic: (input) => input.topic });
    return fan.pipe(chain(SYNTHESIS, 'Original topic: {topic}')).invoke({ topic: TOPIC });
  },
};

const { memory } = await init();

/** What the bench calls. The module's bytes tell what is kept in it. */
window.rivals = {
  converge, promises, langchain, Logs, Tail, wasmBytes: () => memory.buffer.byteLength,
};
