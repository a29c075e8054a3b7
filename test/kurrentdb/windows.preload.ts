/** `--import` this before the app of a process of its own is to see a part of a log only. */
import { openWindows } from './window.js';

openWindows();
