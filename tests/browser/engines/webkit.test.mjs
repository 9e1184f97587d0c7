import { smoke } from './smoke.mjs';
import { launch } from './webkit.mjs';

smoke(launch);
