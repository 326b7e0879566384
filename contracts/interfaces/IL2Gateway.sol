// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IL2Gateway
/// @notice The end of the canonical bridge on Metis. METIS from Ethereum arrives here, hashes of messages arrive here, and
/// the need of the queue leaves from here.
/// @dev To Metis's bridge it looks like an L2 token whose L1 token is L1Gateway: the token-bridge channel. None of its
/// functions that keep METIS is payable, so what it holds is what the bridge (or a donor) brought.
interface IL2Gateway {
    /// @notice A hash is unknown, then known, then used; never back.
    enum HashState {
        Unknown,
        Known,
        Used
    }

    /// @notice The bridge brought `hash`.
    event MessageArrived(bytes32 indexed hash);

    /// @notice Payload `number` with envelope `hash` was carried out in full.
    event MessageDelivered(uint256 indexed number, bytes32 indexed hash);

    /// @notice A deposit from Ethereum was minted in part; `number` can be delivered again for the rest.
    event MessagePartlyDelivered(uint256 indexed number, bytes32 indexed hash);

    /// @notice METIS that had arrived, `assets` wei of it, was handed to StakingPool.
    event ArrivalsForwarded(uint256 assets);

    /// @notice Need `number`, that `sentToL2` should reach `target` wei, was sent up.
    event NeedSignalled(uint64 indexed number, uint256 target);

    /// @notice The gateway on Ethereum that is listened to is now `l1Gateway`.
    event L1GatewaySet(address indexed l1Gateway);

    /// @notice `caller` is not Metis's L2StandardBridge, or the bridge called outside its turn.
    error L2Gateway__OnlyBridge(address caller);

    /// @notice `amount` does not fit into the 96 bits that a hash leaves for it.
    error L2Gateway__AmountTooLarge(uint256 amount);

    /// @notice The message with this number and payload has not arrived over the bridge.
    error L2Gateway__UnknownMessage(uint256 number, bytes32 hash);

    /// @notice The message was carried out already.
    error L2Gateway__UsedMessage(uint256 number, bytes32 hash);

    /// @notice eMetis is worth `rate` (1e18 = one for one), so deposit `number` from Ethereum waits until it is worth one METIS
    /// again, or until its receiver delivers it.
    error L2Gateway__BelowPar(uint256 number, uint256 rate);

    /// @notice No gateway on Ethereum is set.
    error L2Gateway__PeerUnset();

    /// @notice The queue needs nothing from Ethereum, and Ethereum was told nothing else.
    error L2Gateway__NoNeed();

    /// @notice The bridge asks `required` wei of METIS, `sent` came along.
    error L2Gateway__FeeTooLow(uint256 sent, uint256 required);

    /// @notice The surplus of `assets` wei could not be returned to `receiver`.
    error L2Gateway__RefundFailed(address receiver, uint256 assets);

    /// @notice The address given is zero.
    error L2Gateway__ZeroAddress();

    /// @notice Stores the hash behind (`to`, `amount`) as known. Only Metis's bridge, for a deposit by L1Gateway.
    function mint(address to, uint256 amount) external;

    /// @notice Does nothing; the bridge calls it while this gateway sends a need. Reverts for all else.
    function burn(address from, uint256 amount) external;

    /// @notice Carries out payload `number`, whose hash has arrived. Anyone may call, in any order; while eMetis is worth less
    /// than METIS a deposit from Ethereum is for its receiver alone to deliver.
    /// @return isComplete False when a deposit was minted only in part and waits for the rate limit.
    function deliver(uint256 number, bytes calldata payload) external returns (bool isComplete);

    /// @notice Hands the METIS that has arrived to StakingPool, which books it. Anyone may call; nothing to do is no error.
    /// @return assets Wei of METIS.
    function forwardArrivals() external returns (uint256 assets);

    /// @notice Tells Ethereum what the queue needs. Anyone may call, who pays the bridge's fee in METIS; the surplus returns.
    /// @dev When the queue needs nothing any more, a need that was told before is taken back by one of 0, so that nobody can
    /// begin an exit for a queue that new deposits have served.
    /// @return target Wei that `sentToL2` must reach on Ethereum; 0 when nothing is needed any more.
    function signalNeed() external payable returns (uint256 target);

    /// @notice Listens to another gateway on Ethereum. Governance, with its delay.
    function setL1Gateway(address l1Gateway) external;

    /// @notice The gateway on Ethereum that is listened to, by the name the bridge asks for.
    function l1Token() external view returns (address l1Gateway);

    /// @notice Where `hash` stands.
    function hashState(bytes32 hash) external view returns (HashState state);

    /// @notice The hash that payload `number` must have arrived with.
    function messageHash(uint256 number, bytes calldata payload) external view returns (bytes32 hash);

    /// @notice ERC-165: itself and what Metis's bridge asks of an L2 token (0x1d1d8b63).
    function supportsInterface(bytes4 interfaceId) external view returns (bool isSupported);
}
