// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Messages} from "./Messages.sol";

/// @title Ledger
/// @notice What the protocol holds on both chains, as one sum that no order of messages changes.
/// @dev totalAssets = buffer + (sentToL1 + attributedUp − r.receivedFromL2) + r.l1Assets
///                  + (r.sentToL2 + attributedDown − receivedFromL1) + (mintedForL1 − r.l1Deposits)
/// in signed integers, floored at 0 only at the end. A line alone may be negative: METIS that left Ethereum after the report
/// is still in `r.l1Assets` and is subtracted when it arrives. All lines but the buffer are kept as one running sum,
/// `elsewhere`, beside it, so that a deposit reads one slot; {Book} still holds each line, and {elsewhereFromLines} adds them
/// up again for whoever wants to check.
library Ledger {
    using SafeCast for uint256;
    using SafeCast for int256;

    /// @notice The lines, all in wei of METIS, all but the first two counters that only grow.
    struct Book {
        /// Free METIS in the pool.
        uint88 buffer;
        /// Signed sum of all lines but the buffer.
        int96 elsewhere;
        /// Kept here because each deposit reads them with the above: the pool's pause, its stop after a loss (Unix seconds),
        /// and whether eMetis was minted for deposits that Ethereum does not know.
        uint32 pausedUntil;
        uint32 stoppedUntil;
        bool hasUnbackedL1Mints;
        /// The last report: number, L1 time, L1 time at which every vault could be read, L2 time of application.
        uint32 reportNumber;
        uint32 reportTakenAt;
        uint32 reportReadAt;
        uint32 reportAppliedAt;
        int96 l1Assets;
        /// Whole METIS, for estimates only.
        uint32 withdrawable;
        uint96 receivedFromL2;
        uint96 sentToL2;
        /// Deposits on Ethereum as reported, and what was minted for them here.
        uint96 l1Deposits;
        uint96 mintedForL1;
        uint96 sentToL1;
        /// METIS on Ethereum that was never sent from here: a donation, counted once.
        uint96 attributedUp;
        /// When METIS was last sent up, Unix seconds.
        uint32 lastSentAt;
        uint96 receivedFromL1;
        /// METIS that came from Ethereum unannounced and is proved not to be in transit.
        uint96 attributedDown;
        /// `receivedFromL1` when the last snapshot was taken, and a time that no clock had passed then.
        uint96 snapshotReceived;
        uint32 snapshotAt;
        /// Greatest L2 time seen at a report.
        uint32 latestTime;
        /// Free buffer at which the instant fee is lowest; set by each report, so that no redemption moves it.
        uint96 reserveTarget;
    }

    /// @notice Far above any distance between the clocks of the chains.
    uint256 internal constant CLOCK_MARGIN = 3 days;
    /// @notice A ticket must have been asked for this long before all vaults were read: more than the clock of L2 lags, so that
    /// nobody who knows of a loss gets in front of its report, in whatever order reports are delivered.
    uint256 internal constant FINALISATION_DELAY = 6 hours;
    /// @notice Without news of the vaults for this long, age alone lets tickets through.
    uint256 internal constant REPORT_TIMEOUT = 7 days;

    /// @notice Wei of METIS behind eMetis on both chains.
    function totalAssets(Book storage book) internal view returns (uint256 assets) {
        int256 sum = int256(uint256(book.buffer)) + book.elsewhere;
        return sum > 0 ? uint256(sum) : 0;
    }

    /// @notice `elsewhere`, added up from its lines.
    function elsewhereFromLines(Book storage book) internal view returns (int256 sum) {
        return
            int256(uint256(book.sentToL1) + book.attributedUp) -
            int256(uint256(book.receivedFromL2)) +
            book.l1Assets +
            inbound(book) +
            int256(uint256(book.mintedForL1)) -
            int256(uint256(book.l1Deposits));
    }

    /// @notice METIS on the way down, wei; negative when METIS arrived that no report covers yet.
    function inbound(Book storage book) internal view returns (int256 assets) {
        return int256(uint256(book.sentToL2) + book.attributedDown) - int256(uint256(book.receivedFromL1));
    }

    /// @notice Books `assets` wei that the bridge brought: from the line above to the buffer, the sum stays.
    function bookArrival(Book storage book, uint256 assets) internal {
        book.buffer = (book.buffer + assets).toUint88();
        book.elsewhere = (book.elsewhere - assets.toInt256()).toInt96();
        book.receivedFromL1 = (book.receivedFromL1 + assets).toUint96();
    }

    /// @notice Books `assets` wei as sent up: from the buffer to the line above, the sum stays.
    function bookSending(Book storage book, uint256 assets) internal {
        book.buffer = (book.buffer - assets).toUint88();
        book.elsewhere = (book.elsewhere + assets.toInt256()).toInt96();
        book.sentToL1 = (book.sentToL1 + assets).toUint96();
        book.lastSentAt = block.timestamp.toUint32();
    }

    /// @notice Books `assets` wei of eMetis minted for a deposit on Ethereum.
    function bookL1Mint(Book storage book, uint256 assets) internal {
        book.elsewhere = (book.elsewhere + assets.toInt256()).toInt96();
        book.mintedForL1 = (book.mintedForL1 + assets).toUint96();
    }

    /// @notice Puts `report` in place of the last one; its counters must not have fallen.
    function replaceReport(Book storage book, uint256 number, Messages.Report calldata report) internal {
        int256 change =
            report.l1Assets -
                book.l1Assets +
                int256(report.sentToL2 - book.sentToL2) -
                int256(report.receivedFromL2 - book.receivedFromL2) -
                int256(report.l1Deposits - book.l1Deposits);
        book.elsewhere = (book.elsewhere + change).toInt96();

        book.reportNumber = number.toUint32();
        book.reportTakenAt = report.takenAt.toUint32();
        // Never back: what could be finalised once can be finalised.
        if (report.readAt > book.reportReadAt) book.reportReadAt = report.readAt.toUint32();
        book.reportAppliedAt = block.timestamp.toUint32();
        book.l1Assets = report.l1Assets.toInt96();
        // An estimate stops no report, however absurd.
        book.withdrawable = uint32(Math.min(report.withdrawable / 1 ether, type(uint32).max));

        book.receivedFromL2 = report.receivedFromL2.toUint96();
        book.sentToL2 = report.sentToL2.toUint96();
        book.l1Deposits = report.l1Deposits.toUint96();
    }

    /// @notice Counts METIS that nobody announced, once it is proved to be that.
    /// @dev Up: Ethereum cannot have received more than was ever sent. Down: what had arrived by the snapshot must be covered by
    /// a report that read all vaults more than the clock margin later; only then the next snapshot is taken, so neither the frequency nor the
    /// withholding of reports postpones it.
    /// @return isChanged Whether anything was attributed.
    function attribute(Book storage book) internal returns (bool isChanged) {
        uint256 announcedUp = uint256(book.sentToL1) + book.attributedUp;
        if (book.receivedFromL2 > announcedUp) {
            uint256 excess = book.receivedFromL2 - announcedUp;
            book.attributedUp = (book.attributedUp + excess).toUint96();
            book.elsewhere = (book.elsewhere + excess.toInt256()).toInt96();
            isChanged = true;
        }
        if (_judgeSnapshot(book)) isChanged = true;
    }

    /// @notice Tickets asked for at or before this can be finalised.
    function finalisationCutoff(Book storage book) internal view returns (uint256 timestamp) {
        (, timestamp) = Math.trySub(book.reportReadAt, FINALISATION_DELAY);
        (, uint256 aged) = Math.trySub(block.timestamp, REPORT_TIMEOUT);
        return Math.max(timestamp, aged);
    }

    /// @return isChanged Whether the snapshot showed arrivals that nobody announced.
    function _judgeSnapshot(Book storage book) private returns (bool isChanged) {
        uint256 latest = Math.max(block.timestamp, book.latestTime);
        book.latestTime = latest.toUint32();
        uint256 readAt = book.reportReadAt;
        if (readAt <= book.snapshotAt + CLOCK_MARGIN && book.snapshotAt != 0) return false;

        uint256 announced = uint256(book.sentToL2) + book.attributedDown;
        if (book.snapshotReceived > announced) {
            uint256 excess = book.snapshotReceived - announced;
            book.attributedDown = (book.attributedDown + excess).toUint96();
            book.elsewhere = (book.elsewhere + excess.toInt256()).toInt96();
            isChanged = true;
        }
        book.snapshotReceived = book.receivedFromL1;
        book.snapshotAt = Math.max(latest, book.reportTakenAt).toUint32();
    }
}
