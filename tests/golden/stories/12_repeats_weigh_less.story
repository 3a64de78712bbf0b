# The same rule and peer again within a day says half as much each time; after a day it counts whole. All is one case.
Li is an operator
rule brushing_task: brushing, hook, 40 points, half-life 0 days

10:00 an SMS from 15500000000 to 13900001111 says "刷单日结"; matched brushing_task
then the case of 13900001111 is open and low
then the case of 13900001111 has 40 points: brushing_task 40
11:00 an SMS from 15500000000 to 13900001111 says "刷单日结"; matched brushing_task
then the case of 13900001111 has 60 points: brushing_task 40, brushing_task 20
then the case of 13900001111 is open and medium
12:00 an SMS from 15500000000 to 13900001111 says "刷单日结"; matched brushing_task
then the case of 13900001111 has 70 points: brushing_task 40, brushing_task 20, brushing_task 10
then the case of 13900001111 is open and high
# another peer is news: whole weight, the same case
12:30 an SMS from 15500000001 to 13900001111 says "刷单日结"; matched brushing_task
then the case of 13900001111 has 110 points: brushing_task 40, brushing_task 40, brushing_task 20, brushing_task 10
then the case of 13900001111 is open and critical
then 13900001111 has 1 case
# and another resident's evidence is their own
12:40 an SMS from 15500000000 to 13900002222 says "刷单日结"; matched brushing_task
then the case of 13900002222 is open and low
