# Money on its way to a peer under suspicion is critical at once, though no rule matched the transfer.
Li is an operator
rule loan_fee: loan, grooming, 45 points, half-life 7 days

10:00 an SMS from 17012345678 to 13900001111 says "贷款解冻费"; matched loan_fee
then the case of 13900001111 is open and low
10:10 13900001111 tries to transfer 500 yuan to 15812345678
then the case of 13900001111 is open and low
10:11 13900001111 has transferred 500 yuan to 17012345678
then the case of 13900001111 is open and low
10:12 13900001111 tries to transfer 20000 yuan to 17012345678
then the case of 13900001111 is open and critical
then the case of 13900001111 has 45 points: loan_fee 45
then the case of 13900001111 says "transfer attempt to a peer under suspicion"
then the queue is: call of 13900001111, visit of 13900001111
then the call of 13900001111 is due 10:15
# nobody takes it within three minutes
10:14 nothing happens
then the supervisor channel has had 0 messages
10:15 nothing happens
then the supervisor channel has had 1 message
# another resident who pays the same number has no case, and gets none from a transfer alone
10:20 13900009999 tries to transfer 100 yuan to 17012345678
10:21 a report about 13900009999 says "邻居说他最近很神秘"
then the queue is: call of 13900001111, visit of 13900001111
