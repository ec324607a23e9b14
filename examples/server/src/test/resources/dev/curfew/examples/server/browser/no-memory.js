"use strict";

// Spoils the recipe of refresh.js: one after the other, but nobody remembers the key of an attempt.

attemptKey = async () => crypto.randomUUID();
