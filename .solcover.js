"use strict";

module.exports = {
  // Without it the stack of the largest stand-ins is too deep.
  configureYulOptimizer: true,
  skipFiles: ["local/", "interfaces/"],
  istanbulReporter: ["json", "html", "text-summary"],
};
