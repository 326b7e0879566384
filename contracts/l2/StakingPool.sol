// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SafeTransferLib} from "solady/src/utils/SafeTransferLib.sol";

import {IEMetis} from "../interfaces/IEMetis.sol";
import {IL2Gateway} from "../interfaces/IL2Gateway.sol";
import {IRedemptionQueue} from "../interfaces/IRedemptionQueue.sol";
import {ISEMetis} from "../interfaces/ISEMetis.sol";
import {IStakingPool} from "../interfaces/IStakingPool.sol";
import {IGasPriceOracle} from "../interfaces/metis/IGasPriceOracle.sol";
import {IL2StandardBridge} from "../interfaces/metis/IL2StandardBridge.sol";
import {InstantFee} from "../libraries/InstantFee.sol";
import {Ledger} from "../libraries/Ledger.sol";
import {Messages} from "../libraries/Messages.sol";
import {PauseClock} from "../libraries/PauseClock.sol";
import {PoolParameters} from "../libraries/PoolParameters.sol";
import {RateLimit} from "../libraries/RateLimit.sol";

/// @title StakingPool
/// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
contract StakingPool is IStakingPool, AccessManagedUpgradeable, UUPSUpgradeable {
    using InstantFee for InstantFee.Line;
    using Ledger for Ledger.Book;
    using RateLimit for RateLimit.Bucket;
    using SafeCast for uint256;

    /// @custom:storage-location erc7201:emetis.storage.StakingPool
    struct StakingPoolStorage {
        /// The ledger across both chains.
        Ledger.Book book;
        /// What governance can move.
        Parameters parameters;
        /// Where fees go.
        address treasury;
        /// Losses of holders that later profits repair before a fee is taken, wei.
        uint96 unrecoveredLoss;
        /// Eats up as deposits from Ethereum are minted.
        RateLimit.Bucket l1DepositBucket;
        /// Greatest running total seen in a deposit from Ethereum, wei.
        uint96 highestRunningTotal;
        /// When the last pause began, Unix seconds.
        uint32 pausedAt;
        /// Wei minted for each deposit from Ethereum, by message number.
        mapping(uint256 number => uint256 assets) mintedOf;
    }

    /// @inheritdoc IStakingPool
    uint256 public constant MIN_DEPOSIT = 0.01 ether;
    /// @notice METIS is sent up at least this many wei at a time,
    uint256 public constant MIN_SENDING = 500 ether;
    /// @notice and at least this share of supply, in basis points,
    uint256 public constant MIN_SENDING_BPS = 50;
    /// @notice and at most this often, in seconds.
    uint256 public constant SENDING_INTERVAL = 1 days;
    /// @notice The pool pays the bridge's fee only if it is at most one part in this many of what is sent.
    uint256 public constant MAX_FEE_SHARE = 1000;
    /// @notice An unconfirmed loss stops exits at most this long, in seconds.
    uint256 public constant LOSS_STOP = 3 days;

    uint256 private constant BPS = 10_000;
    uint256 private constant ONE = 1e18;
    IL2StandardBridge private constant BRIDGE = IL2StandardBridge(0x4200000000000000000000000000000000000010);
    IGasPriceOracle private constant GAS_ORACLE = IGasPriceOracle(0x420000000000000000000000000000000000000F);
    // keccak256(abi.encode(uint256(keccak256("emetis.storage.StakingPool")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_SLOT = 0xa326c1bc4e1e664cc2b38e987c3808a8794342df4071fe24e5dfd19f14c8d200;

    /// @notice The token that stands for METIS held here and on Ethereum.
    IEMetis public immutable EMETIS;
    /// @notice The vault that earns the rewards and takes the losses first.
    ISEMetis public immutable SEMETIS;
    /// @notice The way back to METIS.
    IRedemptionQueue public immutable QUEUE;
    /// @notice The only one that can bring reports, deposits and METIS from Ethereum.
    IL2Gateway public immutable GATEWAY;
    /// @notice The only place on Ethereum that METIS is sent to.
    address public immutable L1_LOCK_MANAGER;

    modifier onlyGateway() {
        require(msg.sender == address(GATEWAY), StakingPool__Unauthorized(msg.sender));
        _;
    }

    constructor(IEMetis eMetis, ISEMetis seMetis, IRedemptionQueue queue, IL2Gateway gateway, address l1LockManager) {
        EMETIS = eMetis;
        SEMETIS = seMetis;
        QUEUE = queue;
        GATEWAY = gateway;
        L1_LOCK_MANAGER = l1LockManager;
        _disableInitializers();
    }

    /// @notice Sets who has power here, where fees go, and the parameters, within their bounds.
    function initialize(address authority, address treasury_, Parameters calldata parameters_) external initializer {
        __AccessManaged_init(authority);
        _setTreasury(treasury_);
        _setParameters(parameters_);
    }

    /// @inheritdoc IStakingPool
    function deposit(address receiver, address referrer) external payable returns (uint256 assets) {
        _takeDeposit(receiver, receiver, referrer);
        return msg.value;
    }

    /// @inheritdoc IStakingPool
    function depositAndStake(
        address receiver,
        uint256 minShares,
        address referrer
    ) external payable returns (uint256 shares) {
        _takeDeposit(address(SEMETIS), receiver, referrer);
        shares = SEMETIS.depositMinted(msg.value, receiver);
        require(shares >= minShares, StakingPool__TooFewShares(shares, minShares));
    }

    /// @inheritdoc IStakingPool
    function redeemInstant(uint256 assets, uint256 minOut, address receiver) external returns (uint256 paid) {
        require(assets > 0, StakingPool__BelowMinimum(assets, 1));
        require(receiver != address(0), StakingPool__ZeroAddress());
        StakingPoolStorage storage $ = _storage();
        _requireOpen($.book);
        uint256 value;
        (value, paid) = _priceInstant($, assets);
        require(paid >= minOut, StakingPool__TooLittleOut(paid, minOut));

        uint256 supply = EMETIS.burn(msg.sender, assets);
        $.book.buffer = ($.book.buffer - paid).toUint88();
        _bookHaircut($, assets - value);
        emit RedeemedInstantly(msg.sender, receiver, assets, paid, value - paid, $.book.buffer, supply);
        _pay(receiver, paid);
    }

    /// @inheritdoc IStakingPool
    function rebalance() external payable {
        StakingPoolStorage storage $ = _storage();
        if (address(GATEWAY).balance > 0) GATEWAY.forwardArrivals();
        uint256 spent;
        if (_isOpen($.book)) {
            _fundQueue($);
            spent = _sendUp($);
        }
        if (msg.value > spent) _pay(msg.sender, msg.value - spent);
    }

    /// @inheritdoc IStakingPool
    function fundQueue() external {
        StakingPoolStorage storage $ = _storage();
        _requireOpen($.book);
        _fundQueue($);
    }

    /// @inheritdoc IStakingPool
    function applyReport(uint256 number, Messages.Report calldata report) external onlyGateway {
        StakingPoolStorage storage $ = _storage();
        Ledger.Book storage book = $.book;
        if (number <= book.reportNumber) {
            emit ReportIgnored(number, book.reportNumber);
            return;
        }
        _requireNewer(book, number, report);
        _bookSurplus(book);
        uint256 assetsBefore = book.totalAssets();
        uint256 elapsed = book.reportNumber == 0 ? 0 : report.takenAt - book.reportTakenAt;
        book.replaceReport(number, report);
        if (book.attribute()) emit ArrivalsAttributed(book.attributedUp, book.attributedDown);
        if (book.hasUnbackedL1Mints) _checkL1Mints($);

        uint256 supply = EMETIS.totalSupply();
        uint256 assets = book.totalAssets();
        book.reserveTarget = Math.mulDiv(supply, $.parameters.reserveBps, BPS).toUint96();
        emit ReportApplied(number, report, assets, supply);
        if (assets < supply) _bookLoss($, assetsBefore, assets, supply);
        else _mintRewards($, assets - supply, supply, elapsed);
    }

    /// @inheritdoc IStakingPool
    function mintL1Deposit(
        uint256 number,
        Messages.L1Deposit calldata l1Deposit
    ) external onlyGateway returns (uint256 remaining) {
        StakingPoolStorage storage $ = _storage();
        _requireOpen($.book);
        _requireBackedL1Mints($);
        uint256 minted = $.mintedOf[number];
        remaining = l1Deposit.assets - minted;
        require(remaining > 0, StakingPool__L1DepositMinted(number));
        uint256 limit = $.parameters.l1DepositLimit;
        uint256 assets = Math.min(remaining, $.l1DepositBucket.available(limit, block.timestamp));
        require(assets > 0, StakingPool__L1DepositLimited(number, remaining));

        remaining -= assets;
        $.mintedOf[number] = minted + assets;
        $.l1DepositBucket = $.l1DepositBucket.take(limit, assets, block.timestamp);
        $.book.bookL1Mint(assets);
        if (l1Deposit.runningTotal > $.highestRunningTotal) {
            $.highestRunningTotal = l1Deposit.runningTotal.toUint96();
        }
        _checkL1Mints($);
        (bool isStaked, uint256 supply) = _mintOrStake(l1Deposit.receiver, assets, l1Deposit.isStaked);
        emit L1DepositMinted(number, l1Deposit.receiver, assets, remaining, isStaked, $.book.mintedForL1, supply);
    }

    /// @inheritdoc IStakingPool
    function bookArrival() external payable onlyGateway {
        Ledger.Book storage book = _storage().book;
        book.bookArrival(msg.value);
        emit ArrivalBooked(msg.value, book.receivedFromL1, book.buffer);
    }

    /// @inheritdoc IStakingPool
    function confirmLoss() external restricted {
        _storage().book.stoppedUntil = 0;
        emit LossConfirmed();
        SEMETIS.reopen();
    }

    /// @inheritdoc IStakingPool
    function setParameters(Parameters calldata parameters_) external restricted {
        _setParameters(parameters_);
    }

    /// @inheritdoc IStakingPool
    function tightenParameters(Parameters calldata parameters_) external restricted {
        PoolParameters.requireTighter(_storage().parameters, parameters_);
        _setParameters(parameters_);
    }

    /// @inheritdoc IStakingPool
    function setTreasury(address treasury_) external restricted {
        _setTreasury(treasury_);
    }

    /// @inheritdoc IStakingPool
    function pause() external restricted {
        StakingPoolStorage storage $ = _storage();
        $.pausedAt = block.timestamp.toUint32();
        _setPausedUntil($.book, PauseClock.begin($.book.pausedUntil, block.timestamp));
    }

    /// @inheritdoc IStakingPool
    function extendPause(address caller, bytes calldata data) external restricted {
        StakingPoolStorage storage $ = _storage();
        _setPausedUntil($.book, PauseClock.extend($.pausedAt, $.book.pausedUntil, authority(), caller, data));
    }

    /// @inheritdoc IStakingPool
    function unpause() external restricted {
        Ledger.Book storage book = _storage().book;
        // Not 0: the next pause waits for as long after this one.
        if (book.pausedUntil > block.timestamp) _setPausedUntil(book, block.timestamp);
    }

    /// @inheritdoc IStakingPool
    function totalAssets() external view returns (uint256 assets) {
        return _storage().book.totalAssets();
    }

    /// @inheritdoc IStakingPool
    function redemptionRate() external view returns (uint256 rate) {
        return _rate(_storage().book.totalAssets(), EMETIS.totalSupply());
    }

    /// @inheritdoc IStakingPool
    function solvency() external view returns (Solvency memory) {
        StakingPoolStorage storage $ = _storage();
        Ledger.Book storage book = $.book;
        int256 sum = int256(uint256(book.buffer)) + book.elsewhereFromLines();
        return
            Solvency({
                buffer: book.buffer,
                sentToL1: book.sentToL1,
                attributedUp: book.attributedUp,
                receivedFromL1: book.receivedFromL1,
                attributedDown: book.attributedDown,
                mintedForL1: book.mintedForL1,
                l1Assets: book.l1Assets,
                receivedFromL2: book.receivedFromL2,
                sentToL2: book.sentToL2,
                l1Deposits: book.l1Deposits,
                totalAssets: sum > 0 ? uint256(sum) : 0,
                totalSupply: EMETIS.totalSupply(),
                unbackedL1Mints: _unbackedL1Mints($),
                reportNumber: book.reportNumber,
                reportTakenAt: book.reportTakenAt,
                reportReadAt: book.reportReadAt,
                reportAppliedAt: book.reportAppliedAt
            });
    }

    /// @inheritdoc IStakingPool
    function previewRedeemInstant(uint256 assets) external view returns (uint256 paid) {
        StakingPoolStorage storage $ = _storage();
        _requireOpen($.book);
        (, paid) = _priceInstant($, assets);
    }

    /// @inheritdoc IStakingPool
    function maxRedeemInstant() external view returns (uint256 assets) {
        StakingPoolStorage storage $ = _storage();
        if (!_isOpen($.book)) return 0;
        uint256 supply = EMETIS.totalSupply();
        uint256 rate = _rate($.book.totalAssets(), supply);
        if (rate == 0) return 0;
        return Math.min(supply, Math.mulDiv(_line($).worth(_freeBuffer($.book)), ONE, rate));
    }

    /// @inheritdoc IStakingPool
    function neededFromL1() external view returns (uint256 target) {
        Ledger.Book storage book = _storage().book;
        uint256 rate = _rate(book.totalAssets(), EMETIS.totalSupply());
        uint256 waiting = Math.mulDiv(QUEUE.pending(), rate, ONE, Math.Rounding.Ceil);
        uint256 due = uint256(book.receivedFromL1) + waiting;
        uint256 covered = uint256(book.attributedDown) + book.buffer;
        target = due > covered ? due - covered : 0;
        return target > book.sentToL2 ? target : 0;
    }

    /// @inheritdoc IStakingPool
    function l1DepositMinted(uint256 number) external view returns (uint256 assets) {
        return _storage().mintedOf[number];
    }

    /// @inheritdoc IStakingPool
    function buffer() external view returns (uint256 assets) {
        return _storage().book.buffer;
    }

    /// @inheritdoc IStakingPool
    function inboundAssets() external view returns (uint256 assets) {
        int256 inbound = _storage().book.inbound();
        return inbound > 0 ? uint256(inbound) : 0;
    }

    /// @inheritdoc IStakingPool
    function withdrawableOnL1() external view returns (uint256 assets) {
        return uint256(_storage().book.withdrawable) * 1 ether;
    }

    /// @inheritdoc IStakingPool
    function finalisationCutoff() external view returns (uint256 timestamp) {
        return _storage().book.finalisationCutoff();
    }

    /// @inheritdoc IStakingPool
    function parameters() external view returns (Parameters memory) {
        return _storage().parameters;
    }

    /// @inheritdoc IStakingPool
    function treasury() external view returns (address) {
        return _storage().treasury;
    }

    /// @inheritdoc IStakingPool
    function unrecoveredLoss() external view returns (uint256 assets) {
        return _storage().unrecoveredLoss;
    }

    /// @inheritdoc IStakingPool
    function pausedUntil() external view returns (uint256 timestamp) {
        return _storage().book.pausedUntil;
    }

    /// @inheritdoc IStakingPool
    function stoppedUntil() external view returns (uint256 timestamp) {
        return _storage().book.stoppedUntil;
    }

    // solhint-disable-next-line no-empty-blocks
    function _authorizeUpgrade(address) internal override restricted {}

    /// @dev Books the METIS sent along, mints as much eMetis to `holder`, and only then asks whether all of it is backed.
    function _takeDeposit(address holder, address receiver, address referrer) private {
        require(msg.value >= MIN_DEPOSIT, StakingPool__BelowMinimum(msg.value, MIN_DEPOSIT));
        require(receiver != address(0), StakingPool__ZeroAddress());
        StakingPoolStorage storage $ = _storage();
        _requireOpen($.book);
        if ($.book.hasUnbackedL1Mints) _requireBackedL1Mints($);

        uint256 newBuffer = $.book.buffer + msg.value;
        $.book.buffer = newBuffer.toUint88();
        uint256 supply = EMETIS.mint(holder, msg.value);
        uint256 assets = $.book.totalAssets();
        require(assets >= supply, StakingPool__Undercollateralised(assets, supply));
        emit Deposited(msg.sender, receiver, referrer, msg.value, newBuffer, supply);
    }

    /// @dev The eMetis goes to the vault only once its shares are minted, so a vault that refuses costs the receiver nothing.
    function _mintOrStake(
        address receiver,
        uint256 assets,
        bool isToBeStaked
    ) private returns (bool isStaked, uint256 supply) {
        if (isToBeStaked) {
            try SEMETIS.depositMinted(assets, receiver) {
                isStaked = true;
            } catch {
                isStaked = false;
            }
        }
        supply = EMETIS.mint(isStaked ? address(SEMETIS) : receiver, assets);
    }

    /// @dev What `assets` wei of eMetis are worth, and what is paid for that at once.
    function _priceInstant(
        StakingPoolStorage storage $,
        uint256 assets
    ) private view returns (uint256 value, uint256 paid) {
        value = Math.mulDiv(assets, _rate($.book.totalAssets(), EMETIS.totalSupply()), ONE);
        uint256 free = _freeBuffer($.book);
        InstantFee.Line memory line = _line($);
        (bool isEnough, uint256 left) = line.leftAfter(free, value);
        if (!isEnough) revert StakingPool__BufferTooSmall(value, line.worth(free));
        paid = free - left;
    }

    function _line(StakingPoolStorage storage $) private view returns (InstantFee.Line memory) {
        return
            InstantFee.Line({
                target: $.book.reserveTarget,
                minBps: $.parameters.minInstantFeeBps,
                maxBps: $.parameters.maxInstantFeeBps
            });
    }

    /// @dev The buffer beyond what the queue waits for.
    function _freeBuffer(Ledger.Book storage book) private view returns (uint256 assets) {
        (, assets) = Math.trySub(book.buffer, QUEUE.pending());
    }

    function _rate(uint256 assets, uint256 supply) private pure returns (uint256 rate) {
        return assets >= supply ? ONE : Math.mulDiv(assets, ONE, supply);
    }

    function _fundQueue(StakingPoolStorage storage $) private {
        uint256 rate = _rate($.book.totalAssets(), EMETIS.totalSupply());
        uint256 from = QUEUE.finalisedUntil();
        (uint256 until, uint256 payout) = QUEUE.finalisable($.book.buffer, rate, $.book.finalisationCutoff());
        if (until == from) return;
        uint256 newBuffer = $.book.buffer - payout;
        $.book.buffer = newBuffer.toUint88();
        _bookHaircut($, until - from - payout);
        uint256 supply = QUEUE.finalise{value: payout}(until, rate);
        emit QueueFunded(until - from, payout, newBuffer, supply);
    }

    /// @dev Leavers paid below 1 filled that much of the gap, and profits that fill the gap carry no fee.
    function _bookHaircut(StakingPoolStorage storage $, uint256 assets) private {
        if (assets > 0) $.unrecoveredLoss = ($.unrecoveredLoss + assets).toUint96();
    }

    /// @return spent Wei of METIS that the caller paid for the bridge.
    function _sendUp(StakingPoolStorage storage $) private returns (uint256 spent) {
        Ledger.Book storage book = $.book;
        if (block.timestamp < book.lastSentAt + SENDING_INTERVAL) return 0;
        uint256 supply = EMETIS.totalSupply();
        (, uint256 assets) = Math.trySub(_freeBuffer(book), Math.mulDiv(supply, $.parameters.reserveBps, BPS));
        if (assets < Math.max(MIN_SENDING, (supply * MIN_SENDING_BPS) / BPS)) return 0;

        uint256 fee = GAS_ORACLE.minErc20BridgeCost();
        (bool isPaid, uint256 burned) = _coverFee($, fee, assets, supply);
        if (isPaid) {
            // The fee is cut from what would have been sent.
            assets -= fee;
            book.buffer = (book.buffer - fee).toUint88();
        } else if (msg.value >= fee) {
            spent = fee;
        } else {
            return 0;
        }
        book.bookSending(assets);
        emit SentToL1(assets, fee, spent, burned, book.sentToL1, book.buffer);
        BRIDGE.withdrawMetisTo{value: fee}(L1_LOCK_MANAGER, assets, 0, "");
    }

    /// @dev Whether the pool pays: the fee is small, and assets beyond supply or unvested rewards, burned here, cover it.
    function _coverFee(
        StakingPoolStorage storage $,
        uint256 fee,
        uint256 assets,
        uint256 supply
    ) private returns (bool isPaid, uint256 burned) {
        if (fee * MAX_FEE_SHARE > assets) return (false, 0);
        (, uint256 beyond) = Math.trySub($.book.totalAssets(), supply);
        (, burned) = Math.trySub(fee, beyond);
        if (burned == 0) return (true, 0);
        // What is burned was a profit and was charged for, so its like is free of fee.
        if (!SEMETIS.burnUnvested(burned)) return (false, 0);
        _bookHaircut($, burned);
        return (true, burned);
    }

    function _requireNewer(Ledger.Book storage book, uint256 number, Messages.Report calldata report) private view {
        uint256 latest = block.timestamp + Ledger.CLOCK_MARGIN;
        require(report.takenAt <= latest, StakingPool__ReportFromTheFuture(number, report.takenAt, block.timestamp));
        uint256 last = book.reportTakenAt;
        require(report.takenAt >= last, StakingPool__ReportTooOld(number, report.takenAt, last));
        _requireGrown(number, book.receivedFromL2, report.receivedFromL2);
        _requireGrown(number, book.sentToL2, report.sentToL2);
        _requireGrown(number, book.l1Deposits, report.l1Deposits);
    }

    function _requireGrown(uint256 number, uint256 last, uint256 value) private pure {
        require(value >= last, StakingPool__CounterFell(number, last, value));
    }

    /// @dev METIS that no path of ours brought. Only here, so that it moves no rate when it comes.
    function _bookSurplus(Ledger.Book storage book) private {
        (, uint256 surplus) = Math.trySub(address(this).balance, book.buffer);
        if (surplus == 0) return;
        book.buffer = (book.buffer + surplus).toUint88();
        emit SurplusBooked(surplus, book.buffer);
    }

    function _bookLoss(StakingPoolStorage storage $, uint256 assetsBefore, uint256 assets, uint256 supply) private {
        (, uint256 fallen) = Math.trySub(assetsBefore, assets);
        // A gap that was there before the report is shared already; whoever staked since owes nothing for it.
        uint256 loss = Math.min(fallen, supply - assets);
        if (loss == 0) return;
        uint256 stop;
        if (loss * BPS > supply * $.parameters.lossThresholdBps) {
            stop = block.timestamp + LOSS_STOP;
            $.book.stoppedUntil = stop.toUint32();
        }
        uint256 burned = SEMETIS.absorbLoss(loss, stop);
        _bookHaircut($, burned);
        emit LossBooked(loss, burned, $.unrecoveredLoss, $.book.stoppedUntil, supply - burned);
    }

    function _mintRewards(StakingPoolStorage storage $, uint256 surplus, uint256 supply, uint256 elapsed) private {
        uint256 cap = Math.mulDiv(supply * $.parameters.maxRewardRateBps, elapsed, BPS * 365 days);
        uint256 profit = Math.min(surplus, cap);
        if (profit == 0) return;
        uint256 repaired = Math.min(profit, $.unrecoveredLoss);
        if (repaired > 0) $.unrecoveredLoss = ($.unrecoveredLoss - repaired).toUint96();
        uint256 fee = ((profit - repaired) * $.parameters.protocolFeeBps) / BPS;
        uint256 reward = profit - fee;
        emit RewardsMinted(fee, reward, surplus - profit, $.unrecoveredLoss, supply + profit);

        if (fee > 0) EMETIS.mint($.treasury, fee);
        EMETIS.mint(address(SEMETIS), reward);
        SEMETIS.addReward(reward, Math.max($.parameters.streamPeriod, elapsed));
    }

    function _unbackedL1Mints(StakingPoolStorage storage $) private view returns (uint256 assets) {
        (, assets) = Math.trySub($.book.mintedForL1, Math.max($.book.l1Deposits, $.highestRunningTotal));
    }

    function _checkL1Mints(StakingPoolStorage storage $) private {
        $.book.hasUnbackedL1Mints = _unbackedL1Mints($) > 0;
    }

    function _requireBackedL1Mints(StakingPoolStorage storage $) private view {
        uint256 assets = _unbackedL1Mints($);
        require(assets == 0, StakingPool__UnbackedL1Mints(assets));
    }

    function _isOpen(Ledger.Book storage book) private view returns (bool isOpen) {
        return block.timestamp >= book.pausedUntil && block.timestamp >= book.stoppedUntil;
    }

    function _requireOpen(Ledger.Book storage book) private view {
        require(block.timestamp >= book.pausedUntil, StakingPool__Paused(book.pausedUntil));
        require(block.timestamp >= book.stoppedUntil, StakingPool__LossUnconfirmed(book.stoppedUntil));
    }

    function _pay(address receiver, uint256 assets) private {
        bool isPaid = SafeTransferLib.trySafeTransferETH(receiver, assets, gasleft());
        require(isPaid, StakingPool__PaymentFailed(receiver, assets));
    }

    function _setParameters(Parameters calldata parameters_) private {
        PoolParameters.requireWithinBounds(parameters_);
        _storage().parameters = parameters_;
        emit ParametersSet(parameters_);
    }

    function _setTreasury(address treasury_) private {
        require(treasury_ != address(0), StakingPool__ZeroAddress());
        _storage().treasury = treasury_;
        emit TreasurySet(treasury_);
    }

    function _setPausedUntil(Ledger.Book storage book, uint256 until) private {
        book.pausedUntil = until.toUint32();
        emit PausedUntilSet(until);
    }

    function _storage() private pure returns (StakingPoolStorage storage $) {
        // solhint-disable-next-line no-inline-assembly
        assembly {
            $.slot := STORAGE_SLOT
        }
    }
}
