// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IStakingPool} from "../interfaces/IStakingPool.sol";
import {HourlyLine} from "./HourlyLine.sol";
import {Ledger} from "./Ledger.sol";

/// @title ClaimEstimate
/// @notice When METIS for the queue should be on Metis. An estimate for wallets; nothing that holds METIS rests on it.
library ClaimEstimate {
    using HourlyLine for HourlyLine.Line;

    /// @notice Reports are expected this often, in seconds.
    uint256 internal constant REPORT_PERIOD = 1 days;
    /// @notice From the cutoff of a report to its delivery: {Ledger.FINALISATION_DELAY}, the hour that a ticket shares, the bridge.
    uint256 internal constant REPORT_DELAY = Ledger.FINALISATION_DELAY + 2 hours;
    /// @notice From the moment at which the queue can be funded to the call that does it.
    uint256 internal constant REBALANCE_DELAY = 1 hours;
    /// @notice METIS takes this long from Ethereum to Metis, with room for a busy bridge.
    uint256 internal constant BRIDGE_DELAY = 4 hours;
    /// @notice The keeper recalls within this time.
    uint256 internal constant RECALL_DELAY = 1 days;
    /// @notice The need's way to Ethereum, the wait before a sequencer exits for it, and the exit.
    uint256 internal constant EXIT_DELAY = 7 days + 7 days + 21 days;

    /// @notice When a ticket that ends at `end` should be claimable in full, Unix seconds, given the line that was asked for and
    /// up to where it is finalised.
    function timestamp(
        IStakingPool pool,
        HourlyLine.Line storage requested,
        uint256 finalisedUntil,
        uint256 end
    ) internal view returns (uint256) {
        if (end <= finalisedUntil) return block.timestamp;
        uint256 fundedAt = block.timestamp + _delay(pool, end - finalisedUntil);
        return Math.max(fundedAt, _countedAt(pool, requested, end)) + REBALANCE_DELAY;
    }

    /// @dev From now until there is METIS for `assets` wei, all that stands before the end of the ticket.
    function _delay(IStakingPool pool, uint256 assets) private view returns (uint256) {
        uint256 available = pool.buffer();
        if (assets <= available) return 0;
        available += pool.inboundAssets();
        if (assets <= available) return BRIDGE_DELAY;
        available += pool.withdrawableOnL1();
        return assets <= available ? RECALL_DELAY + BRIDGE_DELAY : EXIT_DELAY + BRIDGE_DELAY;
    }

    /// @dev When the report should be here that the ticket is old enough for: the last one, the next, or the one after. A
    /// report that is overdue is expected within a period.
    function _countedAt(
        IStakingPool pool,
        HourlyLine.Line storage requested,
        uint256 end
    ) private view returns (uint256) {
        uint256 cutoff = pool.finalisationCutoff();
        if (end <= requested.endAt(cutoff)) return block.timestamp;
        cutoff += REPORT_PERIOD;
        if (end > requested.endAt(cutoff)) cutoff += REPORT_PERIOD;
        uint256 due = cutoff + REPORT_DELAY;
        return due >= block.timestamp ? due : block.timestamp + REPORT_PERIOD;
    }
}
