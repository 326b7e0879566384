// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title IL1Gateway
/// @notice The end of the canonical bridge on Ethereum: sends METIS and message hashes down, hears the need that comes up.
/// @dev Hashes cross by the token-bridge channel: this contract poses as an ERC-20 that it deposits itself. Its
/// `transferFrom` answers once a send, for exactly (itself, the bridge, the expected amount), and reverts otherwise, zero
/// amounts included, so nobody can deposit it but itself. Upwards the bridge calls `transfer(to, 1)`: a withdrawal of one
/// unit is possible only for the L2 token that the deposits were made to, which is L2Gateway; zero amounts are not heard.
interface IL1Gateway {
    /// @notice Payload `number` was sent down with envelope `hash`.
    event MessageHashSent(uint256 indexed number, bytes32 indexed hash);

    /// @notice METIS, `assets` wei of it, was sent down to L2Gateway.
    event MetisSent(uint256 assets);

    /// @notice Need `number`, to reach `target` wei, came up and was handed to LockManager.
    event NeedArrived(uint64 indexed number, uint256 target);

    /// @notice The gateway on Metis that is spoken to is now `l2Gateway`.
    event L2GatewaySet(address indexed l2Gateway);

    /// @notice `caller` is not LockManager.
    error L1Gateway__OnlyLockManager(address caller);

    /// @notice `caller` is not Metis's L1StandardBridge.
    error L1Gateway__OnlyBridge(address caller);

    /// @notice The bridge asked for a transfer that this gateway did not send: (`from`, `to`, `amount`).
    error L1Gateway__UnexpectedTransfer(address from, address to, uint256 amount);

    /// @notice The bridge did not take the message that was being sent.
    error L1Gateway__MessageNotTaken();

    /// @notice A value of `sent` wei of ETH came along where exactly `required` is due.
    error L1Gateway__WrongFee(uint256 sent, uint256 required);

    /// @notice No gateway on Metis is set.
    error L1Gateway__PeerUnset();

    /// @notice The address given is zero.
    error L1Gateway__ZeroAddress();

    /// @notice Sends the hash of payload `number` down. Only LockManager; exactly {messageFee} as value.
    function sendMessage(uint256 number, bytes32 payloadHash) external payable;

    /// @notice Takes `assets` wei of METIS from LockManager and sends them to L2Gateway. Only LockManager; exactly {metisFee}.
    function sendMetis(uint256 assets) external payable;

    /// @notice Answers Metis's bridge once a send. For nobody else.
    function transferFrom(address from, address to, uint256 amount) external returns (bool isDone);

    /// @notice Hears a need that L2Gateway sent up; `to` carries it. Only Metis's bridge.
    function transfer(address to, uint256 amount) external returns (bool isDone);

    /// @notice Hands METIS that was sent here by no path of the protocol to LockManager, which books it. Anyone; nothing to do
    /// is no error.
    /// @return assets Wei of METIS.
    function sweep() external returns (uint256 assets);

    /// @notice Speaks to another gateway on Metis. Governance, with its delay.
    function setL2Gateway(address l2Gateway) external;

    /// @notice The gateway on Metis that is spoken to, and the recipient of rewards.
    function l2Gateway() external view returns (address);

    /// @notice Wei of ETH that the bridge asks for a message: max(l2Gas, minL2Gas) × discount, read from Metis's oracle.
    function messageFee() external view returns (uint256 fee);

    /// @notice Wei of ETH that the bridge asks for METIS or a reward with `l2Gas` of 250,000.
    function metisFee() external view returns (uint256 fee);

    /// @notice The hash that payload `number` with `payloadHash` is sent with.
    function messageHash(uint256 number, bytes32 payloadHash) external view returns (bytes32 hash);
}
