// What a page needs to call a model with the Vercel AI SDK, and nothing else: its size is a figure.

export { generateText, streamText } from 'ai';
export { createOpenAI } from '@ai-sdk/openai';
