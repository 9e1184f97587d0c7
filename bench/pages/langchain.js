// What a page needs for the article's LangChain example, and nothing else: its size is a figure.

export { RunnableLambda, RunnableParallel, RunnablePassthrough } from '@langchain/core/runnables';
export { ChatPromptTemplate } from '@langchain/core/prompts';
export { StringOutputParser } from '@langchain/core/output_parsers';
export { ChatOpenAI } from '@langchain/openai';
