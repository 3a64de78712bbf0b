# Two operators want the same task: one has it, the other learns who.
Li is an operator
Wang is an operator
rule loan_fee: loan, grooming, 55 points, half-life 7 days

10:00 an SMS from 17012345678 to 13900001111 says "贷款解冻费"; matched loan_fee
10:01 Li claims the call of 13900001111, having seen version 1
10:01 Wang claims the call of 13900001111, having seen version 1
refused: held by Li
10:01 Wang claims the next task
then the call of 13900001111 is claimed by Li
10:02 Li releases the call of 13900001111
10:02 Wang claims the call of 13900001111, having seen version 1
refused: has version 3 now, you saw 1
10:02 Wang claims the call of 13900001111, having seen version 3
then the call of 13900001111 is claimed by Wang
