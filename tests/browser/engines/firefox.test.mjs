import { launch } from './firefox.mjs';
import { smoke } from './smoke.mjs';

smoke(launch);
