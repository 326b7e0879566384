"use strict";

module.exports = {
  // Without it the stack of the largest stand-ins is too deep.
  configureYulOptimizer: true,
  skipFiles: ["local/", "interfaces/", "lens/"],
  // Without it the unoptimised events of StakingPool run out of stack.
  configureYulOptimizer: true,
  istanbulReporter: ["json", "html", "text-summary"],
};
