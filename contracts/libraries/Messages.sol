// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title Messages
/// @notice The messages that cross between the chains, with the one codec that both ends use.
/// @dev Down (Ethereum to Metis) a 32-byte hash crosses, the payload is shown on Metis by whoever delivers it.
/// Up (Metis to Ethereum) the whole message, a {Need}, fits into the 160 bits of an address.
library Messages {
    /// @notice The chains and the gateways that a downward message is bound to.
    struct Route {
        uint256 l1ChainId;
        uint256 l2ChainId;
        address l1Gateway;
        address l2Gateway;
    }

    /// @notice What a payload holds.
    enum Kind {
        Report,
        L1Deposit
    }

    /// @notice What the protocol holds on Ethereum at one moment. All counters only grow.
    /// @dev Late or lost: a newer one replaces it. Twice or older: accepted and ignored.
    struct Report {
        /// L1 time at which the report was taken, Unix seconds.
        uint256 takenAt;
        /// L1 time at which every vault could last be read, Unix seconds; `takenAt` unless one of them refuses.
        uint256 readAt;
        /// Locked + unclaimed rewards + idle − owed to operators, in wei of METIS. Negative when operators are owed more
        /// than is left there.
        int256 l1Assets;
        /// METIS that ever reached LockManager from Metis, in wei.
        uint256 receivedFromL2;
        /// METIS ever sent down to L2Gateway, in wei.
        uint256 sentToL2;
        /// METIS ever deposited on Ethereum, in wei.
        uint256 l1Deposits;
        /// METIS that could leave Ethereum at once, in wei. For estimates only.
        uint256 withdrawable;
    }

    /// @notice A deposit made on Ethereum that is to be minted on Metis.
    /// @dev Late: minted when delivered. Twice: minted once. Above the rate limit: minted in parts.
    struct L1Deposit {
        /// Who gets the eMetis or the seMetis on Metis.
        address receiver;
        /// Wei of METIS deposited, wei of eMetis to mint.
        uint256 assets;
        /// `Report.l1Deposits` just after this deposit.
        uint256 runningTotal;
        /// Whether the eMetis is staked for the receiver.
        bool isStaked;
    }

    /// @notice The value that `sentToL2` must reach on Ethereum to fill the queue on Metis.
    /// @dev A target, not a delta: twice does no harm, older is ignored.
    struct Need {
        /// Counts up from 1; the highest one holds.
        uint64 number;
        /// Wei of METIS.
        uint96 target;
    }

    /// @notice The payload of a report.
    function encode(Report memory report) internal pure returns (bytes memory payload) {
        return abi.encode(Kind.Report, report);
    }

    /// @notice The payload of a deposit made on Ethereum.
    function encode(L1Deposit memory l1Deposit) internal pure returns (bytes memory payload) {
        return abi.encode(Kind.L1Deposit, l1Deposit);
    }

    /// @notice What `payload` holds.
    function kindOf(bytes calldata payload) internal pure returns (Kind kind) {
        return abi.decode(payload, (Kind));
    }

    /// @notice The report in `payload`; call it only when {kindOf} says so.
    function decodeReport(bytes calldata payload) internal pure returns (Report memory report) {
        (, report) = abi.decode(payload, (Kind, Report));
    }

    /// @notice The deposit in `payload`; call it only when {kindOf} says so.
    function decodeL1Deposit(bytes calldata payload) internal pure returns (L1Deposit memory l1Deposit) {
        (, l1Deposit) = abi.decode(payload, (Kind, L1Deposit));
    }

    /// @notice The hash that crosses the bridge for payload `number` with hash `payloadHash`.
    /// @dev The payload enters by its hash, so that LockManager can keep one word a number whatever gateway sends it.
    function envelopeHash(
        Route memory route,
        uint256 number,
        bytes32 payloadHash
    ) internal pure returns (bytes32 hash) {
        return keccak256(abi.encode(route, number, payloadHash));
    }

    /// @notice `hash` as the two free arguments of the token-bridge channel: high 160 and low 96 bits.
    function toChannel(bytes32 hash) internal pure returns (address to, uint256 amount) {
        return (address(uint160(uint256(hash) >> 96)), uint96(uint256(hash)));
    }

    /// @notice The hash behind the two arguments of the token-bridge channel. `amount` must be below 2^96.
    function fromChannel(address to, uint256 amount) internal pure returns (bytes32 hash) {
        return bytes32((uint256(uint160(to)) << 96) | amount);
    }

    /// @notice `need` as an address: number in the high 64 bits, target in the low 96.
    function toAddress(Need memory need) internal pure returns (address to) {
        return address((uint160(need.number) << 96) | need.target);
    }

    /// @notice The need that `to` stands for.
    function toNeed(address to) internal pure returns (Need memory need) {
        return Need({number: uint64(uint160(to) >> 96), target: uint96(uint160(to))});
    }
}
